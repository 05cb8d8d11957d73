using System.Collections.Immutable;

namespace Hil.Models.Graphs;

/// <summary>A function of one number that is none of <see cref="Activation"/>'s, put together from the operators of a model.</summary>
public sealed class ScalarFunction(Func<double, double> evaluate)
{
    /// <summary>The function's value.</summary>
    public double Evaluate(double x) => evaluate(x);

    /// <summary>The grid of its arguments where the model has it as a table; else null.</summary>
    public TensorEncoding? Grid { get; init; }
}

/// <summary>LeftFactor · left + RightFactor · right, element by element.</summary>
public sealed record Sum(string Name, string Left, string Right, string Output, double LeftFactor, double RightFactor) : Layer(Name, Output)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Left, Right];
}

/// <summary>Factor · left · right, element by element: a gate.</summary>
public sealed record ElementProduct(string Name, string Left, string Right, string Output, double Factor) : Layer(Name, Output)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Left, Right];
}

/// <summary>Values that do not depend on the input, row-major, of the output's shape.</summary>
public sealed record ConstantTensor(string Name, string Output, ImmutableArray<float> Values) : Layer(Name, Output)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [];
}

/// <summary>The largest value of each column over the taps of a window; taps outside of the grid do not count.</summary>
public sealed record MaximumPool(string Name, string Input, string Output, Window Window) : Layer(Name, Output)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];
}

/// <summary>The softmax of each row, of scale · input.</summary>
public sealed record SoftmaxRows(string Name, string Input, string Output, double Scale) : Layer(Name, Output)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];
}

/// <summary>Rows First, First + Step, … of a tensor, Count of them.</summary>
public sealed record RowRun(string Input, int First, int Count, int Step);

/// <summary>Rows of one or several tensors, one run after the other.</summary>
public sealed record GatherRows(string Name, string Output, ImmutableArray<RowRun> Runs) : Layer(Name, Output)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => Runs.Select(r => r.Input).Distinct();
}

/// <summary>Columns become rows.</summary>
public sealed record TransposeRows(string Name, string Input, string Output) : Layer(Name, Output)
{
    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Input];
}
