using Hil.Contract.Programs;
using Hil.Models.Data;
using Hil.Models.Onnx;
using Hil.Models.Quality;
using Hil.Models.Quantized;
using Hil.Models.Reference;
using Hil.Reconcile;

namespace Hil.Jobs.Steps;

/// <summary>Collects tensors within the model from the device, and compares them with the float model's.</summary>
internal sealed class NoiseObserver(QuantizedGraph graph)
{
    /// <summary>Enough for a figure per layer; whole outputs are judged on all samples.</summary>
    public const int Samples = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<(int Sample, string Tensor), int[]> _seen = [];

    public void Observe(int sample, TensorPlace place, ReadOnlyMemory<byte> dense)
    {
        (string tensor, int firstRow) = PlacedSamples.NameOf(place);
        int[] values = PlacedSamples.Integers(place, dense.Span);
        lock (_gate)
        {
            if (!_seen.TryGetValue((sample, tensor), out int[]? whole))
            {
                _seen[(sample, tensor)] = whole = new int[graph.Tensors[tensor].Count];
            }

            values.CopyTo(whole, firstRow * place.Columns);
        }
    }

    /// <summary>The tensors of one sample that were seen, as integers.</summary>
    public Dictionary<string, int[]> Seen(int sample)
    {
        lock (_gate)
        {
            return _seen.Where(s => s.Key.Sample == sample).ToDictionary(s => s.Key.Tensor, s => s.Value);
        }
    }

    /// <summary>Noise by layer over the observed samples, the last tensor of a layer standing for it.</summary>
    public IReadOnlyList<LayerNoise> Report(OnnxModel model, Dataset data)
    {
        var meter = new NoiseMeter(graph);
        using var reference = new FloatReference(model, meter.Sources);
        foreach (var sample in _seen.GroupBy(s => s.Key.Sample).OrderBy(g => g.Key))
        {
            IReadOnlyDictionary<string, float[]> floats = reference.Run(data.Inputs[sample.Key]);
            foreach (((_, string tensor), int[] values) in sample.OrderBy(s => s.Key.Tensor, StringComparer.Ordinal))
            {
                QTensor t = graph.Tensors[tensor];
                if (t.Source.Length > 0 && floats[t.Source].Length == t.Count)
                {
                    meter.Add(tensor, values, floats[t.Source]);
                }
            }
        }

        return [.. meter.Report().Where(n => n.Layer is not null)
            .GroupBy(n => n.Layer!).Select(g => new LayerNoise(g.Key, g.Last().SqnrDb, g.Sum(n => n.Saturated)))];
    }
}
