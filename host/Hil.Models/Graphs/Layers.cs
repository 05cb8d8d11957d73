using System.Collections.Immutable;

namespace Hil.Models.Graphs;

/// <summary>
/// One layer of the float graph: a product with what is fused to it, or one vector operation. <see cref="Name"/> is the
/// name of the ONNX node that gives the layer's output (its first output's name where the node has none).
/// </summary>
public abstract record Layer(string Name, string Output)
{
    /// <summary>Names of the tensors the layer reads.</summary>
    public abstract IEnumerable<string> Inputs { get; }
}

/// <summary>
/// output[r + OutputRowOffset] = activation(input[r] · weights + bias) + addend[r + OutputRowOffset] + residual[r + OutputRowOffset].
/// </summary>
/// <param name="Name">The ONNX node that gives the output.</param>
/// <param name="Input">[rows, K].</param>
/// <param name="Output">[rows + OutputRowOffset or more, N].</param>
/// <param name="WeightsName">Initialiser that holds the weights in this order, for pruning; empty if there is none.</param>
/// <param name="Weights">K × N, row-major: [in, out].</param>
/// <param name="K">Inputs.</param>
/// <param name="N">Outputs.</param>
/// <param name="Bias">N values, or empty.</param>
/// <param name="Activation">Applied before addend and residual.</param>
/// <param name="Sum">ONNX tensor before the activation; equals the output if nothing follows.</param>
/// <param name="ProductTensor">ONNX tensor before addend and residual; equals the output if nothing is added.</param>
/// <param name="Residual">Tensor of the output's shape that is added, or null.</param>
/// <param name="Addend">Constant of the output's shape that is added (positions; the class token where the product
/// gives no row), row-major, or empty.</param>
/// <param name="OutputRowOffset">First output row that the product gives; rows it does not give are the addend.</param>
public sealed record Product(
    string Name,
    string Input,
    string Output,
    string WeightsName,
    ImmutableArray<float> Weights,
    int K,
    int N,
    ImmutableArray<float> Bias,
    Activation Activation,
    string Sum,
    string ProductTensor,
    string? Residual,
    ImmutableArray<float> Addend,
    int OutputRowOffset) : Layer(Name, Output)
{
    /// <summary>The input's rows are read through a window: a convolution, K = taps · channels. Null for a plain product.</summary>
    public Window? Window { get; init; }

    /// <summary>The function where <see cref="Activation"/> is Other.</summary>
    public ScalarFunction? Function { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => Residual is null ? [Input] : [Input, Residual];
}

/// <summary>
/// softmax(scale · query_h · key_hᵀ + bias_h) · value_h for each head h, over the keys that count, the heads side by side in the columns; with
/// <see cref="Windows"/>, for each of as many equal runs of rows by itself.
/// </summary>
/// <param name="Name">The ONNX node that gives the output.</param>
/// <param name="Query">[rows, Heads·HeadSize].</param>
/// <param name="Key">[keys, Heads·HeadSize].</param>
/// <param name="Value">[keys, Heads·ValueSize].</param>
/// <param name="Output">[rows, Heads·ValueSize].</param>
/// <param name="Heads">1 or more.</param>
/// <param name="HeadSize">Columns of a head of queries and keys.</param>
/// <param name="Scale">Factor on the scores.</param>
/// <param name="ScoresNode">Node of the product of queries and keys.</param>
/// <param name="SoftmaxNode">Node of the softmax.</param>
/// <param name="ContextNode">Node of the product with the values.</param>
public sealed record Attention(
    string Name,
    string Query,
    string Key,
    string Value,
    string Output,
    int Heads,
    int HeadSize,
    double Scale,
    string ScoresNode,
    string SoftmaxNode,
    string ContextNode) : Layer(Name, Output)
{
    /// <summary>Columns of a head of the values and of the output.</summary>
    public int ValueSize { get; init; } = HeadSize;

    /// <summary>Keys that do not count; null if all do.</summary>
    public KeyMask? Mask { get; init; }

    /// <summary>Equal runs of consecutive rows of all tensors; queries of one see its keys only. Never with a mask where more than 1.</summary>
    public int Windows { get; init; } = 1;

    /// <summary>
    /// Constant that is added to the scaled scores (a relative position bias): [windows · heads or heads or 1, rows, keys] of a window, row-major; or empty.
    /// </summary>
    public ImmutableArray<float> Bias { get; init; } = [];

    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Query, Key, Value];
}

/// <summary>
/// Layer normalization of each row: (x − mean)/√(variance + epsilon) · gamma + beta; with <see cref="Rms"/>, x/√(mean of x² + epsilon) · gamma + beta.
/// </summary>
public sealed record Normalize(
    string Name,
    string Input,
    string Output,
    ImmutableArray<float> Gamma,
    ImmutableArray<float> Beta,
    double Epsilon) : Layer(Name, Output)
{
    /// <summary>The mean is not subtracted (RMSNorm).</summary>
    public bool Rms { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];
}

/// <summary>A function of each element that could not be fused to a product.</summary>
public sealed record Pointwise(string Name, string Input, string Output, Activation Activation) : Layer(Name, Output)
{
    /// <summary>The function where <see cref="Activation"/> is Other.</summary>
    public ScalarFunction? Function { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];
}

/// <summary>Rows First … First + Count − 1 of the input; the class token of a classifier, for example.</summary>
public sealed record SelectRows(string Name, string Input, string Output, int First, int Count) : Layer(Name, Output)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];
}
