using System.Collections.Immutable;

namespace Hil.Models.Quantized;

/// <summary>What must hold in every quantized graph, whoever made it.</summary>
public static class QuantizedGraphChecks
{
    private const int MaximumExtent = 1 << 20;
    private const long MaximumElements = 1 << 28;

    /// <summary>A sentence about the first thing that is wrong, or null.</summary>
    public static string? FirstError(QuantizedGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.Tensors is null || graph.Layers.IsDefaultOrEmpty)
        {
            return "the graph has no tensors or no layers.";
        }

        if (graph.MoreInputs.IsDefault || graph.Masks.IsDefault)
        {
            return "its further inputs or masks are missing.";
        }

        foreach (var (name, tensor) in graph.Tensors)
        {
            if (TensorError(graph, name, tensor) is { } error)
            {
                return $"tensor '{name}': {error}";
            }
        }

        string?[] missing = [.. graph.Inputs.Where(i => i is null || !graph.Tensors.ContainsKey(i))];
        if (missing.Length > 0)
        {
            return $"the input '{missing[0]}' is no tensor of the graph.";
        }

        if (graph.Inputs.Distinct().Count() != graph.MoreInputs.Length + 1)
        {
            return "an input is listed twice.";
        }

        if (graph.Masks.FirstOrDefault(m => m.Source is null || m.Source.Keys is < 1 or > MaximumExtent || graph.Tensors.ContainsKey(m.Name)) is { } mask)
        {
            return $"mask '{mask.Name}': its name or its number of keys is out of range.";
        }

        var written = graph.Inputs.ToHashSet();
        var replaced = new HashSet<string>();
        foreach (var layer in graph.Layers)
        {
            if (layer is null)
            {
                return "a layer is null.";
            }

            var error = FlowError(graph, layer, written, replaced) ?? LayerChecks.Error(graph, layer);
            if (error is not null)
            {
                return $"layer '{layer.Name}': {error}";
            }
        }

        return written.Contains(graph.Output) && !replaced.Contains(graph.Output)
            ? null
            : $"no layer gives the output '{graph.Output}', or a later one replaces it.";
    }

    private static string? TensorError(QuantizedGraph graph, string name, QTensor tensor) => tensor switch
    {
        null => "it is null.",
        _ when tensor.Name != name => $"it calls itself '{tensor.Name}'.",
        { Rows: < 1 or > MaximumExtent } or { Columns: < 1 or > MaximumExtent } => "its shape is out of range.",
        _ when (long)tensor.Rows * tensor.Columns > MaximumElements => "it is too large.",
        _ when !double.IsFinite(tensor.Scale) || tensor.Scale <= 0 => "its scale must be finite and positive.",
        { ZeroPoint: < -128 or > 127 } => "its zero point is out of range.",
        { Type: not QType.Int8, ZeroPoint: not 0 } => "only int8 has a zero point.",
        { Order: { } order } when !order.IsPermutationOf(tensor.Count) => "its order is no permutation of its elements.",
        { Type: QType.Wide15 } when !graph.Inputs.Contains(name) => "only an input may be wide.",
        _ => null,
    };

    private static string? FlowError(
        QuantizedGraph graph, QLayer layer, HashSet<string> written, HashSet<string> replaced)
    {
        foreach (var input in layer.Inputs)
        {
            if (!written.Contains(input))
            {
                return $"it reads '{input}' before any layer writes it.";
            }

            if (replaced.Contains(input))
            {
                return $"it reads '{input}' after a product has taken its place.";
            }
        }

        if (layer is QProduct { Residual: { } residual })
        {
            replaced.Add(residual);
        }

        foreach (var output in layer.Outputs)
        {
            if (!graph.Tensors.ContainsKey(output))
            {
                return $"its output '{output}' is no tensor of the graph.";
            }

            if (!written.Add(output))
            {
                return $"'{output}' is written twice.";
            }
        }

        return null;
    }
}
