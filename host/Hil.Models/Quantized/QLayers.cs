using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hil.Models.Graphs;

namespace Hil.Models.Quantized;

/// <summary>
/// One layer of the quantized graph: the integers the device needs, ready to emit. <see cref="Name"/> is the ONNX node that
/// gives the layer's output. rhe, sat8 … are those of docs/numerics.md.
/// </summary>
[JsonDerivedType(typeof(QProduct), "product")]
[JsonDerivedType(typeof(QAttention), "attention")]
[JsonDerivedType(typeof(QNormalize), "normalize")]
[JsonDerivedType(typeof(QMap), "map")]
[JsonDerivedType(typeof(QSelectRows), "selectRows")]
[JsonDerivedType(typeof(QSum), "sum")]
[JsonDerivedType(typeof(QConstant), "constant")]
[JsonDerivedType(typeof(QMaximumPool), "maximumPool")]
[JsonDerivedType(typeof(QSoftmax), "softmax")]
[JsonDerivedType(typeof(QGatherRows), "gatherRows")]
[JsonDerivedType(typeof(QTranspose), "transpose")]
[JsonDerivedType(typeof(QActivationProduct), "activationProduct")]
public abstract record QLayer(string Name)
{
    /// <summary>Names of the tensors the layer reads.</summary>
    [JsonIgnore]
    public abstract IEnumerable<string> Inputs { get; }

    /// <summary>Names of the tensors the layer writes.</summary>
    [JsonIgnore]
    public abstract IEnumerable<string> Outputs { get; }
}

/// <summary>
/// acc = input · weights (for a Wide15 input: hi · weights, times 128, plus lo · weights);
/// y = rhe(sat32(acc + Bias[c]) · Multiplier[c], Shift); then, by the output's type and the other fields,
/// <list type="bullet">
/// <item>int8 output: Table[sat8full(y) &amp; 255] if there is a table, else sat8(y);</item>
/// <item>int16 output: sat16(y), or sat16(old + sat16(y)) where the output has an old value.</item>
/// </list>
/// The old value is <see cref="Residual"/> or <see cref="Initial"/> (never both), in the output's scale.
/// Input row r gives output row r + OutputRowOffset. Rows that no input row gives keep their old value.
/// </summary>
/// <param name="Name">The ONNX node that gives the output.</param>
/// <param name="Input">Int8 or Wide15, [rows, K]. A zero point is folded into the bias already.</param>
/// <param name="Output">Int8, or Int16.</param>
/// <param name="K">Inputs.</param>
/// <param name="N">Outputs.</param>
/// <param name="Weights">K × N, row-major [in, out], −127 … 127.</param>
/// <param name="Bias">N values in the accumulator's scale.</param>
/// <param name="Multiplier">N values.</param>
/// <param name="Shift">0 … 63.</param>
/// <param name="Table">256 values, the entry for y (−128 … 127) at y &amp; 255; or empty. Int8 output only.</param>
/// <param name="Residual">Int16 tensor of the output's shape and scale. The output takes its place in memory: this layer is
/// the last to read it.</param>
/// <param name="Initial">Output rows × N values loaded into the output before the product is added, or empty.</param>
/// <param name="OutputRowOffset">Not 0 only with Initial or Residual.</param>
public sealed record QProduct(
    string Name,
    string Input,
    string Output,
    int K,
    int N,
    ImmutableArray<sbyte> Weights,
    ImmutableArray<int> Bias,
    ImmutableArray<ushort> Multiplier,
    int Shift,
    ImmutableArray<sbyte> Table,
    string? Residual,
    ImmutableArray<short> Initial,
    int OutputRowOffset) : QLayer(Name)
{
    /// <summary>The input's rows are read through a window: a convolution, K = taps · channels. Null for a plain product.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Window? Window { get; init; }

    /// <summary>What the table stands for; null without a table, or where nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TableMeaning? Meaning { get; init; }

    /// <summary>The requantized product is added to what the output holds (int16).</summary>
    [JsonIgnore]
    public bool Accumulates => Residual is not null || !Initial.IsEmpty;

    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => Residual is null ? [Input] : [Input, Residual];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];
}

/// <summary>
/// For each window (an equal run of rows of all tensors) and each head, columns h·HeadSize … of queries and keys, h·ValueSize … of values and output:
/// s = sat16(rhe((query · keyᵀ) · ScoreMultiplier, ScoreShift)), in 1/256 octave;
/// with a bias, s = sat16(s + bias);
/// e, m, z = softmax of docs/numerics.md §7 over the first ValidLength keys that count, with C = SoftmaxFactor;
/// output = sat8(rhe((e · value) · m, ContextShift + z)).
/// </summary>
/// <param name="Name">The ONNX node that gives the output.</param>
/// <param name="Query">Int8, [rows, Heads·HeadSize], zero point 0.</param>
/// <param name="Key">Int8, [keys, Heads·HeadSize], zero point 0.</param>
/// <param name="Value">Int8, [keys, Heads·ValueSize], zero point 0.</param>
/// <param name="Output">Int8, [rows, Heads·ValueSize].</param>
/// <param name="Heads">1 or more.</param>
/// <param name="HeadSize">Columns of a head.</param>
/// <param name="ScoreMultiplier">log₂e, the model's scale on scores and the scales of query and key.</param>
/// <param name="ScoreShift">0 … 63.</param>
/// <param name="SoftmaxFactor">C.</param>
/// <param name="ContextShift">0 … 63.</param>
/// <param name="ValidLength">Keys of a window that count, 1 … keys / Windows.</param>
/// <param name="ScoresNode">ONNX node of the product of queries and keys.</param>
/// <param name="SoftmaxNode">ONNX node of the softmax.</param>
/// <param name="ContextNode">ONNX node of the product with the values.</param>
public sealed record QAttention(
    string Name,
    string Query,
    string Key,
    string Value,
    string Output,
    int Heads,
    int HeadSize,
    ushort ScoreMultiplier,
    int ScoreShift,
    ushort SoftmaxFactor,
    int ContextShift,
    int ValidLength,
    string ScoresNode,
    string SoftmaxNode,
    string ContextNode) : QLayer(Name)
{
    /// <summary>Columns of a head of the values and of the output.</summary>
    public int ValueSize { get; init; } = HeadSize;

    /// <summary>Equal runs of consecutive rows, each with queries and keys of its own; masks, causality and a valid length only where it is 1.</summary>
    public int Windows { get; init; } = 1;

    /// <summary>Keys from the first on that count for the first query; ValidLength unless Causal.</summary>
    public int FirstLength { get; init; } = ValidLength;

    /// <summary>Each query has one key more than the query before.</summary>
    public bool Causal { get; init; }

    /// <summary>Name of the mask that the host gives, or null.</summary>
    public string? Mask { get; init; }

    /// <summary>1 where a key counts, one of each of the first ValidLength keys; or empty. Never with a mask from the host.</summary>
    public ImmutableArray<sbyte> Keys { get; init; } = [];

    /// <summary>Added to the scores with saturation, in 1/256 octave: [Windows·Heads or Heads or 1, rows of a window, ValidLength]; or empty.</summary>
    public ImmutableArray<short> Bias { get; init; } = [];

    /// <summary>It excludes keys beyond a valid length.</summary>
    [JsonIgnore]
    public bool IsMasked => Mask is not null || !Keys.IsEmpty;

    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Query, Key, Value];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];
}

/// <summary>
/// Layer norm of docs/numerics.md §6: q = x̂·Gain[c] + Bias[c]; output8 = sat8(rhe(q, Shift8)), output16 = sat16(rhe(q, Shift16)).
/// At least one output is there; both come from one pass, so their scales differ by 2^(Shift8 − Shift16).
/// </summary>
/// <param name="Name">The ONNX node that gives the output.</param>
/// <param name="Input">Int16, [rows, N], zero point 0.</param>
/// <param name="Output8">Int8 [rows, N], or null.</param>
/// <param name="Output16">Int16 [rows, N], or null.</param>
/// <param name="Gain">N values.</param>
/// <param name="Bias">N values.</param>
/// <param name="Shift8">0 … 63; 0 without output8.</param>
/// <param name="Shift16">0 … 63; 0 without output16.</param>
/// <param name="Epsilon">E = round(ε·N²/S²).</param>
public sealed record QNormalize(
    string Name,
    string Input,
    string? Output8,
    string? Output16,
    ImmutableArray<short> Gain,
    ImmutableArray<int> Bias,
    int Shift8,
    int Shift16,
    uint Epsilon) : QLayer(Name)
{
    /// <summary>By the root mean square: the mean is not subtracted.</summary>
    public bool Rms { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs =>
        (Output8, Output16) switch
        {
            ({ } a, { } b) => [a, b],
            ({ } a, null) => [a],
            (null, { } b) => [b],
            _ => [],
        };
}

/// <summary>
/// MAP of docs/numerics.md §8 on each element: y = rhe(sat32(x + Bias) · Multiplier, Shift); int8 output Table[sat8full(y) &amp; 255]
/// or sat8(y), int16 output sat16(y). Input and output are Int8 or Int16.
/// </summary>
public sealed record QMap(
    string Name,
    string Input,
    string Output,
    int Bias,
    ushort Multiplier,
    int Shift,
    ImmutableArray<sbyte> Table) : QLayer(Name)
{
    /// <summary>What the table stands for; null without a table, or where nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TableMeaning? Meaning { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];
}

/// <summary>
/// Rows First … First + Count − 1 of the input, of the same type, scale and zero point: a view, which may share the input's memory.
/// </summary>
public sealed record QSelectRows(string Name, string Input, string Output, int First, int Count) : QLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];
}
