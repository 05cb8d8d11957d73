using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Quantized;

namespace Hil.Models.Export;

/// <summary>
/// A quantized graph as a standard ONNX model: float operators between QuantizeLinear and DequantizeLinear (QDQ). How far its results
/// are from the device's is derived in docs/numerics.md §11.
/// </summary>
public static class QdqExport
{
    private const string Producer = "Quantize the model again with `hil quantize`.";

    /// <summary>
    /// The whole model, [1, rows, columns] in and out or in the model's own order, under the ONNX names of inputs and output; masks of keys as
    /// [1, keys]. Throws <see cref="HilException"/> (Unsupported), naming the layer, for what the operators of the set cannot say.
    /// </summary>
    public static byte[] Write(QuantizedGraph graph, QdqOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var writer = Writer(graph, options ?? new());
        foreach (var input in graph.Inputs)
        {
            writer.Begin(graph.Tensors[input]);
        }

        foreach (var mask in graph.Masks)
        {
            writer.Begin(mask);
        }

        foreach (var layer in graph.Layers)
        {
            writer.Add(layer);
        }

        var output = graph.Tensors[graph.Output];
        writer.End(output.Source, output);
        return writer.Model.ToByteArray();
    }

    /// <summary>What a layer reads: its tensors, and the mask that the host gives it.</summary>
    public static IEnumerable<string> Reads(QLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer is QAttention { Mask: { } mask } ? layer.Inputs.Distinct().Append(mask) : layer.Inputs.Distinct();
    }

    /// <summary>The run gives its elements as they are.</summary>
    internal static bool IsCopy(QRowRun run, QTensor input, QTensor output) =>
        input.Scale == output.Scale && Math.ScaleB(run.Multiplier, -run.Shift) == 1;

    /// <summary>
    /// One layer alone: its input tensors as float32 values, under the tensors' own names, in (a mask of keys as a number a key, 1 where it counts);
    /// the tensors it gives, as float32 values, out.
    /// </summary>
    public static byte[] WriteLayer(QuantizedGraph graph, QLayer layer, QdqOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(layer);
        var writer = Writer(graph, options ?? new());
        foreach (var input in layer.Inputs.Distinct())
        {
            writer.Give(graph.Tensors[input]);
        }

        if (layer is QAttention { Mask: { } mask })
        {
            writer.Give(graph.Masks.First(m => m.Name == mask));
        }

        writer.Add(layer);
        foreach (var output in layer.Outputs)
        {
            writer.EndRows($"{output}:out", graph.Tensors[output]);
        }

        return writer.Model.ToByteArray();
    }

    private static QdqWriter Writer(QuantizedGraph graph, QdqOptions options)
    {
        if (QuantizedGraphChecks.FirstError(graph) is { } error)
        {
            throw new HilException(ExitKind.BadInput, error, graph.Name, Producer);
        }

        return options.Opset is QdqOptions.Portable or QdqOptions.WithInt16
            ? new QdqWriter(graph, options)
            : throw new ArgumentOutOfRangeException(nameof(options), options.Opset, "Operator sets 17 and 21 are written.");
    }
}
