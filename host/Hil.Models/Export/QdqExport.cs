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
    /// The whole model, [1, rows, columns] in and out or in the model's own order, under the ONNX names of input and output. Throws <see cref="HilException"/>
    /// (Unsupported) for what the operators of the set cannot say.
    /// </summary>
    public static byte[] Write(QuantizedGraph graph, QdqOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (!graph.MoreInputs.IsEmpty || graph.Layers.Any(l => l is QAttention or QNormalize && !HasForm(l)))
        {
            throw new HilException(
                ExitKind.Unsupported, "it has several inputs, masks or biases on attention scores, attention within windows, or RMSNorm, which the export does not write.", graph.Name,
                "Export a model of one input without masks.");
        }

        var writer = Writer(graph, options ?? new());
        var (input, output) = (graph.Tensors[graph.Input], graph.Tensors[graph.Output]);
        writer.Begin(input.Source, input);
        foreach (var layer in graph.Layers)
        {
            writer.Add(layer);
        }

        writer.End(output.Source, output);
        return writer.Model.ToByteArray();
    }

    /// <summary>The layer has a QDQ form and a bound on it; tables must say which function they stand for.</summary>
    public static bool HasForm(QLayer layer) => layer switch
    {
        QProduct p => p.Table.IsEmpty || p.Meaning is not null,
        QMap m => m.Table.IsEmpty || m.Meaning is not null,
        QAttention a => !a.IsMasked && !a.Causal && a.Bias.IsEmpty && a.ValueSize == a.HeadSize && a.Windows == 1,
        QNormalize n => !n.Rms,
        _ => layer is QSelectRows,
    };

    /// <summary>
    /// One layer alone: its input tensors as float32 values, under the tensors' own names, in; the tensors it gives, as float32 values, out.
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
