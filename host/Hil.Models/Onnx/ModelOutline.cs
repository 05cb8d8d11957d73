using System.Collections.Immutable;

namespace Hil.Models.Onnx;

/// <summary>What an ONNX file holds, before anyone asks whether it is supported.</summary>
/// <param name="Producer">The exporter, as it names itself; may be empty.</param>
/// <param name="Opset">Version of the ONNX operator set.</param>
/// <param name="Parameters">Values of all initialisers.</param>
/// <param name="ParameterBytes">As they are stored.</param>
/// <param name="Operators">Nodes by operator.</param>
public sealed record ModelOutline(
    string Producer, long Opset, long Parameters, long ParameterBytes, ImmutableSortedDictionary<string, int> Operators)
{
    /// <summary>The outline of a model, its skeleton included.</summary>
    public static ModelOutline Of(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (proto, graph) = (model.Proto, model.Proto.Graph);
        var counts = graph.Initializer.Select(t => Math.Max(0, TensorData.Count(t.Dims))).ToArray();
        return new(
            proto.ProducerName,
            proto.OpsetImport.First(o => o.Domain is "" or "ai.onnx").Version,
            counts.Sum(),
            graph.Initializer.Zip(counts, (t, count) => t.RawData.Length > 0 ? t.RawData.Length : count * sizeof(float)).Sum(),
            graph.Node.GroupBy(n => n.Domain is "" or "ai.onnx" ? n.OpType : $"{n.Domain}.{n.OpType}")
                .ToImmutableSortedDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal));
    }
}
