using System.Collections.Immutable;

namespace Hil.Models.Quantized;

/// <summary>
/// A transformer in integers: everything the compiler emits, with nothing left to round. Tensors are written once, except that a
/// product's output takes the place of its residual.
/// </summary>
/// <param name="Name">The model's name.</param>
/// <param name="ModelHash">SHA-256 of the ONNX file, lower-case hexadecimal.</param>
/// <param name="Input">Name of the model input's tensor; its <see cref="QTensor.Source"/> is the ONNX input's name.</param>
/// <param name="Output">Name of the model output's tensor (Int16, or Int8).</param>
/// <param name="Tensors">All tensors by name.</param>
/// <param name="Layers">In execution order.</param>
public sealed record QuantizedGraph(
    string Name,
    string ModelHash,
    string Input,
    string Output,
    ImmutableSortedDictionary<string, QTensor> Tensors,
    ImmutableArray<QLayer> Layers);
