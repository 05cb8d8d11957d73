using System.Collections.Immutable;
using Hil.Contract;
using Hil.Models.Graphs;

namespace Hil.Compression.Ranges;

/// <summary>Ranges that a quantized model brings along.</summary>
public static class EncodedRanges
{
    /// <summary>
    /// The ranges of a model without calibration. Throws <see cref="HilException"/> (Usage) with the list of tensors whose range the
    /// model does not say.
    /// </summary>
    public static TensorRanges Of(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var ranges = new Dictionary<string, TensorRange>();
        foreach (var layer in graph.Layers)
        {
            foreach (var tensor in layer.Inputs.Append(layer.Output))
            {
                // What no ONNX tensor shows has the range of the one that it is a part of.
                var said = graph.Encodings.Any(tensor) ?? (graph.Tensors[tensor].RangeOf is { } whole ? graph.Encodings.Any(whole) : null);
                if (!ranges.ContainsKey(tensor) && said is { } encoding)
                {
                    ranges.Add(tensor, Of(encoding));
                }
            }

            Derive(graph, layer, ranges);
        }

        string[] missing = [.. Needed(graph).Where(t => !ranges.ContainsKey(t)).Distinct()];
        return missing.Length == 0
            ? new TensorRanges(int.MaxValue, ranges.ToImmutableSortedDictionary(StringComparer.Ordinal))
            : throw new HilException(
                ExitKind.Usage,
                $"it does not say the range of {missing.Length} tensors: {string.Join(", ", missing)}.",
                graph.Name,
                "Give samples that are not evaluated: --calib calib.npz.");
    }

    /// <summary>Measured ranges, with those that the model says in their place.</summary>
    public static TensorRanges Over(Graph graph, TensorRanges measured)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(measured);
        return measured with
        {
            ByTensor = measured.ByTensor.SetItems(
                measured.ByTensor.Keys.Where(t => graph.Encodings.Any(t) is not null).Select(t => KeyValuePair.Create(t, Of(graph.Encodings.Any(t)!)))),
        };
    }

    private static TensorRange Of(TensorEncoding encoding) => new(encoding.Low, encoding.High, 0);

    private static IEnumerable<string> Needed(Graph graph) => graph.Tensors.Keys.Concat(
        graph.Layers.OfType<Product>().Where(p => p.Activation != Activation.None).Select(p => p.Sum));

    /// <summary>What follows from other ranges: rows of a tensor, weighted means of values, arguments of functions that grow with them.</summary>
    private static void Derive(Graph graph, Layer layer, Dictionary<string, TensorRange> ranges)
    {
        var source = layer switch
        {
            SelectRows select => select.Input,
            Attention attention => attention.Value,
            _ => null,
        };
        if (source is not null && ranges.TryGetValue(source, out var range))
        {
            ranges.TryAdd(layer.Output, range);
        }

        if (layer is Product { Activation: not Activation.None } product && !ranges.ContainsKey(product.Sum))
        {
            if ((graph.Encodings.Any(product.Sum) ?? product.Function?.Grid) is { } encoding)
            {
                ranges.Add(product.Sum, Of(encoding));
            }
            else if (product.Activation is Activation.Relu or Activation.Gelu or Activation.GeluTanh && ranges.TryGetValue(product.Output, out var output))
            {
                ranges.Add(product.Sum, output with { Minimum = -output.Maximum });
            }
        }
    }
}
