using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hil.Models.Graphs;

namespace Hil.Models.Quantized;

/// <summary>
/// A transformer in integers: everything the compiler emits, with nothing left to round. Tensors are written once, except that a
/// product's output takes the place of its residual.
/// </summary>
/// <param name="Name">The model's name.</param>
/// <param name="ModelHash">SHA-256 of the ONNX file, lower-case hexadecimal.</param>
/// <param name="Input">Name of the first input's tensor; its <see cref="QTensor.Source"/> is the ONNX tensor that the host gives.</param>
/// <param name="Output">Name of the model output's tensor (Int16, or Int8).</param>
/// <param name="Tensors">All tensors by name.</param>
/// <param name="Layers">In execution order.</param>
public sealed record QuantizedGraph(
    string Name,
    string ModelHash,
    string Input,
    string Output,
    ImmutableSortedDictionary<string, QTensor> Tensors,
    ImmutableArray<QLayer> Layers)
{
    /// <summary>Names of the tensors that the host gives beside <see cref="Input"/>.</summary>
    public ImmutableArray<string> MoreInputs { get; init; } = [];

    /// <summary>Masks that the host gives.</summary>
    public ImmutableArray<QMask> Masks { get; init; } = [];

    /// <summary>Names of all tensors that the host gives.</summary>
    [JsonIgnore]
    public IEnumerable<string> Inputs => MoreInputs.Prepend(Input);
}

/// <summary>Which keys of attentions count, as the host says it for each sample: one bit a key.</summary>
/// <param name="Name">Unique among tensors and masks.</param>
/// <param name="Source">What it is made of.</param>
public sealed record QMask(string Name, MaskInput Source);
