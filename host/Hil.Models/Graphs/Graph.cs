using System.Collections.Immutable;

namespace Hil.Models.Graphs;

/// <summary>A float transformer as layers in execution order. Each tensor is written by at most one layer.</summary>
/// <param name="Name">The model's name: its file without folder and extension.</param>
/// <param name="Input">The one model input, under the ONNX graph's input name.</param>
/// <param name="Output">The one model output, under the ONNX graph's output name.</param>
/// <param name="Tensors">Every tensor that a layer reads or writes, the input included, by name.</param>
/// <param name="Layers">In an order in which each input is there before it is read.</param>
public sealed record Graph(
    string Name,
    Tensor Input,
    Tensor Output,
    ImmutableSortedDictionary<string, Tensor> Tensors,
    ImmutableArray<Layer> Layers)
{
    /// <summary>What the model says of its own quantization; <see cref="Graphs.Encodings.None"/> for a float model.</summary>
    public Encodings Encodings { get; init; } = Encodings.None;

    /// <summary>The ONNX nodes that each layer stands for, operator and name, by the layer's output; empty for a graph without a model.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Matched { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Multiply-accumulates of one inference, those of zero weights included.</summary>
    public long MultiplyAccumulates => Layers.Sum(l => l switch
    {
        Product p => (long)(p.Window?.Outputs ?? Tensors[p.Input].Rows) * p.K * p.N,
        Attention a => 2L * Tensors[a.Query].Rows * Tensors[a.Key].Rows * a.Heads * a.HeadSize,
        _ => 0L,
    });
}
