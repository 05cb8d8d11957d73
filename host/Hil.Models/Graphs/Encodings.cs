using System.Collections.Immutable;

namespace Hil.Models.Graphs;

/// <summary>
/// How a quantized model stores a tensor: an element q, Minimum … Maximum, means Scale · (q − ZeroPoint). Unsigned types are shifted to
/// signed ones of the same width, elements and zero point alike.
/// </summary>
/// <param name="Scale">The value of one step; positive.</param>
/// <param name="ZeroPoint">The element that means 0.</param>
/// <param name="Minimum">Smallest element.</param>
/// <param name="Maximum">Largest element.</param>
public sealed record TensorEncoding(double Scale, int ZeroPoint, int Minimum, int Maximum)
{
    /// <summary>An element fits int8.</summary>
    public bool IsNarrow => Minimum >= sbyte.MinValue && Maximum <= sbyte.MaxValue;

    /// <summary>The smallest value.</summary>
    public double Low => (Minimum - ZeroPoint) * Scale;

    /// <summary>The largest value.</summary>
    public double High => (Maximum - ZeroPoint) * Scale;
}

/// <summary>What a model that was quantized elsewhere says about its tensors.</summary>
/// <param name="Tensors">By ONNX tensor; at most one narrow and one wide encoding each, and after a narrow one with a zero point one without.</param>
/// <param name="Weights">
/// By the name of the weights: the scales on whose grid they lie, one, or one an output column. The weights are integers times these,
/// up to one common factor.
/// </param>
/// <param name="Notes">Encodings that cannot be kept, and why: tensor, and a sentence.</param>
public sealed record Encodings(
    ImmutableSortedDictionary<string, ImmutableArray<TensorEncoding>> Tensors,
    ImmutableSortedDictionary<string, ImmutableArray<double>> Weights,
    ImmutableArray<(string Tensor, string What)> Notes)
{
    /// <summary>A model without quantizers.</summary>
    public static readonly Encodings None = new(
        ImmutableSortedDictionary<string, ImmutableArray<TensorEncoding>>.Empty, ImmutableSortedDictionary<string, ImmutableArray<double>>.Empty, []);

    /// <summary>The encoding of a tensor whose elements fit int8, or null.</summary>
    public TensorEncoding? Narrow(string tensor) => Of(tensor).FirstOrDefault(e => e.IsNarrow);

    /// <summary>The encoding without zero point of a copy whose elements fit int8, or null.</summary>
    public TensorEncoding? Centred(string tensor) => Of(tensor).FirstOrDefault(e => e is { IsNarrow: true, ZeroPoint: 0 });

    /// <summary>The encoding of a tensor whose elements need more than int8, or null.</summary>
    public TensorEncoding? Wide(string tensor) => Of(tensor).FirstOrDefault(e => !e.IsNarrow);

    /// <summary>The encoding that says most about a tensor's range, or null.</summary>
    public TensorEncoding? Any(string tensor) => Wide(tensor) ?? Narrow(tensor);

    private ImmutableArray<TensorEncoding> Of(string tensor) => Tensors.TryGetValue(tensor, out var found) ? found : [];
}
