namespace Hil.Models.Graphs;

/// <summary>
/// A value of the float graph, always two-dimensional: the batch of 1 is dropped, rows are positions, columns are
/// features, and heads are slices of columns. <paramref name="Name"/> is the name of the ONNX tensor.
/// </summary>
public sealed record Tensor(string Name, int Rows, int Columns)
{
    /// <summary>How the ONNX tensor's values lie in these rows and columns; null if row-major in its own order.</summary>
    public TensorOrder? Order { get; init; }

    /// <summary>The ONNX tensor whose values these are some of, where no ONNX tensor has just these; else null.</summary>
    public string? RangeOf { get; init; }

    /// <summary>Number of elements.</summary>
    public int Count => Rows * Columns;
}
