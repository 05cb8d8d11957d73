using System.Collections.Immutable;

namespace Hil.Models.Graphs;

/// <summary>How the elements of a mask tensor say whether a key counts.</summary>
public enum MaskMeaning
{
    /// <summary>Added to the scores: 0 where the key counts, very negative (−1000 or less, −∞) where it does not.</summary>
    Additive,

    /// <summary>Boolean: the key counts where it is not 0.</summary>
    Keeps,

    /// <summary>Boolean: the key counts where it is 0.</summary>
    Drops,
}

/// <summary>A mask that the host computes for each sample, before the device runs.</summary>
/// <param name="Tensor">ONNX tensor, of one value a key, or of as many equal rows (below the causal limit) as there are queries.</param>
/// <param name="Meaning">How its elements are read.</param>
/// <param name="Keys">Number of keys.</param>
/// <param name="Causal">Its rows leave out the keys behind each query besides.</param>
public sealed record MaskInput(string Tensor, MaskMeaning Meaning, int Keys, bool Causal);

/// <summary>Keys that an attention leaves out: neither in the maximum nor in the sum of the softmax.</summary>
/// <param name="Input">The part that depends on the sample, or null.</param>
/// <param name="Keys">The constant part: true where a key counts, one a key; empty if all do.</param>
/// <param name="FirstLength">Keys that count for the first query, from the first key on; the number of keys unless causal.</param>
/// <param name="Causal">Each query has one key more than the query before.</param>
public sealed record KeyMask(MaskInput? Input, ImmutableArray<bool> Keys, int FirstLength, bool Causal);
