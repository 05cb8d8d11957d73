using System.Collections.Immutable;

namespace Hil.Models.Graphs;

/// <summary>A float transformer as layers in execution order. Each tensor is written by at most one layer.</summary>
/// <param name="Name">The model's name: its file without folder and extension.</param>
/// <param name="Input">The first tensor that the device is given: the model input, or what the host makes of it; under its ONNX name.</param>
/// <param name="Output">The one model output, under the ONNX graph's output name.</param>
/// <param name="Tensors">Every tensor that a layer reads or writes, the inputs included, by name.</param>
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

    /// <summary>Tensors beside <see cref="Input"/> that the device is given for each sample.</summary>
    public ImmutableArray<Tensor> MoreInputs { get; init; } = [];

    /// <summary>The inputs of the ONNX model; where there are none, <see cref="Input"/> is the only one.</summary>
    public ImmutableArray<ModelInput> ModelInputs { get; init; } = [];

    /// <summary>What the host computes of the model inputs before the device runs, in order.</summary>
    public ImmutableArray<HostNode> HostNodes { get; init; } = [];

    /// <summary>Every tensor that the device is given, masks apart; a model input, or what <see cref="HostNodes"/> make of them.</summary>
    public IEnumerable<Tensor> Inputs => MoreInputs.Prepend(Input);

    /// <summary>The masks that the device is given for each sample.</summary>
    public IEnumerable<MaskInput> Masks => Layers.OfType<Attention>().Select(a => a.Mask?.Input).OfType<MaskInput>().Distinct();

    /// <summary>The ONNX tensors that the device is given for each sample, masks included.</summary>
    public IEnumerable<string> GivenTensors => Inputs.Select(t => t.Name).Concat(Masks.Select(m => m.Tensor)).Distinct();

    /// <summary>The ONNX nodes that each layer stands for, operator and name, by the layer's output; empty for a graph without a model.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Matched { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Multiply-accumulates of one inference, those of zero weights included.</summary>
    public long MultiplyAccumulates => Layers.Sum(l => l switch
    {
        Product p => (long)(p.Window?.Outputs ?? Tensors[p.Input].Rows) * p.K * p.N,
        Attention a => (long)Tensors[a.Query].Rows * (Tensors[a.Key].Rows / a.Windows) * a.Heads * (a.HeadSize + a.ValueSize),
        ActivationProduct p => (long)Tensors[p.Left].Count * (Tensors[p.Output].Columns / (p.IsOutputBeside ? p.Batches : 1)),
        _ => 0L,
    });
}
