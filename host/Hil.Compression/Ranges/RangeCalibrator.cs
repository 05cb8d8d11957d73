using System.Collections.Immutable;
using System.Numerics.Tensors;
using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Reference;

namespace Hil.Compression.Ranges;

/// <summary>Range calibration: runs the float model on samples and keeps the smallest and largest value of every tensor (min-max).</summary>
public static class RangeCalibrator
{
    /// <summary>Measures every tensor that quantization needs. <paramref name="progress"/> counts finished samples.</summary>
    public static TensorRanges Measure(
        OnnxModel model, Graph graph, Dataset samples, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0)
        {
            throw new ArgumentException("There are no samples.", nameof(samples));
        }

        string[] tensors = [.. graph.Tensors.Values.Select(t => t.RangeOf ?? t.Name).Concat(graph.Layers.OfType<Product>().SelectMany(p => new[] { p.Sum, p.ProductTensor })).Distinct()];
        var trackers = tensors.ToDictionary(t => t, _ => new Tracker());
        using var reference = new FloatReference(model, tensors);
        for (var i = 0; i < samples.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var values = reference.Run(samples.Inputs[i]);
            foreach (var (name, tracker) in trackers)
            {
                if (!tracker.Add(values[name], isSecondHalf: i >= (samples.Count + 1) / 2))
                {
                    throw new HilException(
                        ExitKind.BadInput, $"'{name}' is NaN or infinite for sample {i}.", samples.Name, "Check the model, or leave the sample out.");
                }
            }

            progress?.Report(i + 1);
        }

        var ranges = trackers.ToDictionary(t => t.Key, t => t.Value.Range);
        foreach (var tensor in graph.Tensors.Values.Where(t => t.RangeOf is not null))
        {
            ranges.Add(tensor.Name, ranges[tensor.RangeOf!]);
        }

        return new(samples.Count, ranges.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    private sealed class Tracker
    {
        private float _low = float.PositiveInfinity;
        private float _high = float.NegativeInfinity;
        private float _firstLow = float.PositiveInfinity;
        private float _firstHigh = float.NegativeInfinity;
        private long _outside;
        private long _second;

        public TensorRange Range => new(_low, _high, _second == 0 ? 0 : (double)_outside / _second);

        /// <summary>Takes one sample's values in; false if one of them is no finite number.</summary>
        public bool Add(ReadOnlySpan<float> values, bool isSecondHalf)
        {
            var (low, high) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
            if (!float.IsFinite(low) || !float.IsFinite(high))
            {
                return false;
            }

            (_low, _high) = (Math.Min(_low, low), Math.Max(_high, high));
            if (!isSecondHalf)
            {
                (_firstLow, _firstHigh) = (_low, _high);
                return true;
            }

            _second += values.Length;
            if (low < _firstLow || high > _firstHigh)
            {
                foreach (var value in values)
                {
                    _outside += value < _firstLow || value > _firstHigh ? 1 : 0;
                }
            }

            return true;
        }
    }
}
