using System.Collections.Immutable;

namespace Hil.Compression.Ranges;

/// <summary>The smallest and the largest value of a tensor over all samples.</summary>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="ClippedShare">
/// Share of the second half of the samples' elements that lie outside the range of the first half: what a set of half the size would clip.
/// </param>
public sealed record TensorRange(double Minimum, double Maximum, double ClippedShare)
{
    /// <summary>Largest absolute value.</summary>
    public double Magnitude => Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));
}

/// <summary>Ranges of tensors, by ONNX name, from a number of samples.</summary>
public sealed record TensorRanges(int Samples, ImmutableSortedDictionary<string, TensorRange> ByTensor)
{
    /// <summary>The range of a tensor. Throws <see cref="ArgumentException"/> if it was not measured.</summary>
    public TensorRange this[string tensor] => ByTensor.TryGetValue(tensor, out var range)
        ? range
        : throw new ArgumentException($"'{tensor}' was not measured.", nameof(tensor));
}
