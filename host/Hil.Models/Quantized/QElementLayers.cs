using System.Collections.Immutable;
using Hil.Models.Graphs;

namespace Hil.Models.Quantized;

/// <summary>ADD of docs/numerics.md §8: output = sat16(rhe(left · LeftMultiplier + right · RightMultiplier, Shift)). All int16, of one shape.</summary>
public sealed record QSum(string Name, string Left, string Right, string Output, short LeftMultiplier, short RightMultiplier, int Shift) : QLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Left, Right];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];
}

/// <summary>An int16 tensor of constant elements, row-major.</summary>
public sealed record QConstant(string Name, string Output, ImmutableArray<short> Values) : QLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];
}

/// <summary>The largest element of each column over the taps of a window that lie in the grid. Int8; input and output are alike in scale and zero point.</summary>
public sealed record QMaximumPool(string Name, string Input, string Output, Window Window) : QLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];
}

/// <summary>
/// Softmax of each row: s = sat16(rhe(input · ScoreMultiplier, ScoreShift)), in 1/256 octave; e, m, z = softmax of docs/numerics.md §7 over the row
/// with C = Factor; output = sat16(rhe(e · m, min(63, Shift + z))). Input and output are int16.
/// </summary>
public sealed record QSoftmax(string Name, string Input, string Output, ushort ScoreMultiplier, int ScoreShift, ushort Factor, int Shift) : QLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];
}

/// <summary>Count rows of a tensor from First on, every Step-th: y = sat16(rhe(x · Multiplier, Shift)).</summary>
public sealed record QRowRun(string Input, int First, int Count, int Step, ushort Multiplier, int Shift);

/// <summary>Rows of int16 tensors, run after run, each brought to the output's scale.</summary>
public sealed record QGatherRows(string Name, string Output, ImmutableArray<QRowRun> Runs) : QLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => Runs.Select(r => r.Input).Distinct();

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];
}

/// <summary>The transposed int8 matrix, of the same scale and zero point.</summary>
public sealed record QTranspose(string Name, string Input, string Output) : QLayer(Name)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];
}
