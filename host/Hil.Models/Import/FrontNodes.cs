using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import;

/// <summary>
/// Finds what the host can compute before the device runs: tensors that depend on the model inputs only through look-ups, casts, comparisons,
/// rearrangement and sums. What the host really runs is decided where the device reads one of them.
/// </summary>
internal static class FrontNodes
{
    private static readonly HashSet<string> Anywhere =
    [
        "Add", "Sub", "Div", "Neg", "Where", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Not", "Xor",
        "Cast", "CastLike", "Gather", "GatherElements", "GatherND", "Slice", "Concat", "Split", "Expand", "Tile", "Pad", "Range", "CumSum", "Trilu", "ConstantOfShape", "NonZero",
        "ScatterND", "OneHot", "Mod", "IsNaN", "IsInf", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Dropout", "Shape", "Size", "Min", "Max",
        "EyeLike", "ArgMax", "ReduceMax", "ReduceSum", "Sign", "Floor",
    ];

    // Functions that a layer of the device may be made of, unless they work on integers.
    private static readonly HashSet<string> OnIntegers = ["Abs", "Log", "Pow", "Sqrt"];

    /// <summary>Tensors that the host can compute, the model inputs included.</summary>
    public static HashSet<string> Find(GraphProto graph, IEnumerable<string> inputs, Func<string, bool> isConstant, Func<string, bool> isFloat)
    {
        var front = inputs.ToHashSet();
        foreach (var node in graph.Node)
        {
            string[] dynamic = [.. node.Input.Where(i => i.Length > 0 && !isConstant(i))];
            if (dynamic.Length > 0 && dynamic.All(front.Contains) && node.Domain is "" or "ai.onnx" && IsFront(node, dynamic, isFloat))
            {
                front.UnionWith(node.Output.Where(o => o.Length > 0));
            }
        }

        return front;
    }

    private static bool IsFront(NodeProto node, string[] dynamic, Func<string, bool> isFloat) =>
        Anywhere.Contains(node.OpType)
        || (node.OpType == "Mul" && dynamic.Distinct().Count() == dynamic.Length)
        || (OnIntegers.Contains(node.OpType) && !dynamic.Any(isFloat))
        || (node.OpType == "Mul" && !dynamic.Any(isFloat));
}
