using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>
/// Functions written as their tables: QuantizeLinear gives an index of 8 bits, Gather takes the entry, DequantizeLinear says what it means. The export of a quantized
/// graph has what no operator of ONNX names in this form.
/// </summary>
internal sealed partial class Lowering
{
    private Value LowerIndex(NodeProto node)
    {
        if (Argument(node.Input[0]) is not { Function: var function } argument
            || facts.Constant(node.Input[1])?.Floats is not [var scale] || Zero(node) is not { } zero)
        {
            return Unsupported("It gives integers that are no index of a table.", "Quantize with one constant scale and zero point, and dequantize with the same.");
        }

        var (offset, slope) = (At(0), At(1) - At(0));
        var isLinear = slope > 0 && new[] { -1000.0, 0.3, 7, 300 }.All(x => Math.Abs(At(x) - offset - (slope * x)) <= 1e-6 * (Math.Abs(offset) + (slope * Math.Abs(x))));
        var index = argument with
        {
            Shape = facts.Shape(Output),
            Function = RowFunction.Unary(x => Math.Clamp(Math.Round(x / scale, MidpointRounding.ToEven) + zero, sbyte.MinValue, sbyte.MaxValue), function),
            Nodes = [.. argument.Nodes, _position],
            IsIndex = true,
            Grid = isLinear ? new TensorEncoding(scale / slope, (int)Math.Round(offset / scale) + zero, sbyte.MinValue, sbyte.MaxValue) : null,
        };
        return index;

        double At(double x) => function.Evaluate([x])[0];
    }

    /// <summary>A node between the index of a table and what its entry means.</summary>
    private Expression? OfIndex(NodeProto node)
    {
        var table = node.OpType == "Gather" ? Elements(node.Input[0]) : null;
        if (_values.GetValueOrDefault(node.Input[table is null ? 0 : 1]) is not Expression { IsIndex: true } index)
        {
            return null;
        }

        Func<double, double>? step = node.OpType switch
        {
            "Cast" => i => i,
            "Gather" when table is { Length: 256 } => i => table[fault == ImporterFault.EntriesFromBottom ? (int)i + 128 : (int)i & 255],
            "DequantizeLinear" when facts.Constant(node.Input[1])?.Floats is [var scale] && Zero(node) is { } zero => q => (q - zero) * scale,
            _ => null,
        };
        return step is null ? null : index with
        {
            Function = RowFunction.Unary(step, index.Function),
            Nodes = [.. index.Nodes, _position],
            IsIndex = node.OpType != "DequantizeLinear",
        };
    }

    /// <summary>What a table gives is a tensor: nothing that follows is part of its function.</summary>
    private Value Looked(Expression table)
    {
        _values[Output] = table;
        return MaterializeWhole(Output) is null ? new UnknownValue() : _values[Output];
    }

    /// <summary>A tensor as a function of one in memory, the same for all its columns; null if it is none.</summary>
    private Expression? Argument(string tensor)
    {
        if (_values.GetValueOrDefault(tensor) is Expression { Function: var own } && (own.UsesColumns || own.UsesMean))
        {
            _ = MaterializeWhole(tensor);
        }

        if (_values.GetValueOrDefault(tensor) is not View { IsWhole: true } view)
        {
            return _values.GetValueOrDefault(tensor) is Expression { Function: { UsesColumns: false, UsesMean: false } } left ? left : null;
        }

        var nodes = new HashSet<int>();
        AddNodesBetween(view.Base, tensor, nodes);
        return new Expression(view.Base, view.Shape, RowFunction.Variable(view.Factor), nodes) { Strides = view.IsPlain ? null : view.Strides };
    }

    private int? Zero(NodeProto node) => node.InputAt(2) is not { } name ? 0 : Elements(name) is [var zero] ? zero : null;

    /// <summary>The elements of a stored tensor of 8 bits, or null.</summary>
    private int[]? Elements(string name) =>
        graph.Initializer.FirstOrDefault(t => t.Name == name) is { DataType: TensorData.Int8 } tensor ? TensorData.Integers(tensor) : null;
}
