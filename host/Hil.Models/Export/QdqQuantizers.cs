using Hil.Models.Quantized;

namespace Hil.Models.Export;

/// <summary>Pairs of QuantizeLinear and DequantizeLinear around the tensors of a quantized graph.</summary>
internal sealed class QdqQuantizers(GraphBuilder graph, bool hasInt16)
{
    /// <summary>
    /// The float tensor as the device stores it: saturated, rounded half to even, and back. The integers carry the tensor's own name.
    /// </summary>
    /// <param name="isFull">The element −128 occurs: a table gives it (docs/numerics.md §5).</param>
    public string Quantize(string value, QTensor tensor, bool isFull)
    {
        var (scale, limit) = ((float)tensor.Scale, Limit(tensor.Type));
        if (tensor.Type != QType.Int8 && !hasInt16)
        {
            return Portable(value, tensor.Name, scale, limit);
        }

        var clipped = isFull ? value : Clip(value, $"{tensor.Name}:clipped", (-limit - tensor.ZeroPoint) * scale, (limit - tensor.ZeroPoint) * scale);
        return Pair(clipped, tensor.Name, Parameters(tensor));
    }

    /// <summary>The values of integers that are on a tensor's grid.</summary>
    public string Values(string integers, QTensor tensor) => graph.Node("DequantizeLinear", $"{tensor.Name}:float", [integers, .. Parameters(tensor)]);

    /// <summary>The integers of a table's index, 0 at 0: all 256 values of int8.</summary>
    public string Index(string value, string name, double scale) =>
        graph.Node("QuantizeLinear", name, [value, graph.Number($"{name}:scale", (float)scale), graph.Bytes($"{name}:zero", [0])]);

    /// <summary>The index of a table: all 256 values of int8.</summary>
    public string QuantizeIndex(string value, string name, TableMeaning meaning) =>
        Pair(value, name, [graph.Number($"{name}:scale", (float)meaning.Scale), graph.Bytes($"{name}:zero", [checked((sbyte)meaning.Offset)])]);

    /// <summary>A constant of int16 elements.</summary>
    public string Constant(string name, short[] values, QTensor tensor, params long[] shape)
    {
        var scale = (float)tensor.Scale;
        return hasInt16
            ? graph.Node("DequantizeLinear", name, [graph.Shorts($"{name}:int16", values, shape), graph.Number($"{name}:scale", scale)])
            : graph.Floats(name, [.. values.Select(v => v * scale)], shape);
    }

    public static int Limit(QType type) => type switch
    {
        QType.Int8 => 127,
        QType.Int16 => short.MaxValue,
        _ => QTensor.Wide15Maximum,
    };

    private string[] Parameters(QTensor tensor) =>
    [
        graph.Number($"{tensor.Name}:scale", (float)tensor.Scale),
        tensor.Type == QType.Int8 ? graph.Bytes($"{tensor.Name}:zero", [(sbyte)tensor.ZeroPoint]) : graph.Shorts($"{tensor.Name}:zero", [0]),
    ];

    private string Pair(string value, string name, string[] parameters)
    {
        var integers = graph.Node("QuantizeLinear", name, [value, .. parameters]);
        return graph.Node("DequantizeLinear", $"{name}:float", [integers, .. parameters]);
    }

    private string Portable(string value, string name, float scale, int limit)
    {
        var step = graph.Number($"{name}:scale", scale);
        var steps = graph.Node("Div", $"{name}:steps", [value, step]);
        var rounded = graph.Node("Round", $"{name}:rounded", [steps]);
        return graph.Node("Mul", $"{name}:float", [Clip(rounded, name, -limit, limit), step]);
    }

    private string Clip(string value, string name, float low, float high) =>
        graph.Node("Clip", name, [value, graph.Number($"{name}:low", low), graph.Number($"{name}:high", high)]);
}
