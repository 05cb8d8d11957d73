using Hil.Models.Graphs;

namespace Hil.Models.Quantized;

/// <summary>
/// docs/numerics.md §5.1, for each block: acc = left · right, or left · rightᵀ; y = rhe(sat32(acc) · Multiplier, Shift); output sat8(y) or sat16(y).
/// </summary>
/// <param name="Name">The ONNX node that gives the output.</param>
/// <param name="Left">Int8, zero point 0; blocks [rows, K].</param>
/// <param name="Right">Int8, zero point 0; blocks [K, N], or [N, K] where transposed.</param>
/// <param name="Output">Int8 or Int16, zero point 0; blocks [rows, N].</param>
/// <param name="Multiplier">The scales of both tensors, the model's factor, and the output's scale.</param>
/// <param name="Shift">0 … 63.</param>
public sealed record QActivationProduct(string Name, string Left, string Right, string Output, ushort Multiplier, int Shift) : QLayer(Name)
{
    /// <summary>The longest sum of products of two elements of −128 … 127 that 32 bits hold.</summary>
    public const int LongestSum = int.MaxValue / (128 * 128);

    /// <summary>How many pairs of blocks are multiplied.</summary>
    public int Batches { get; init; } = 1;

    /// <summary>The rows of the right tensor are the columns of its matrix.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>The blocks of the left tensor lie beside each other in its columns, else below each other in its rows.</summary>
    public bool IsLeftBeside { get; init; }

    /// <summary>The same of the right tensor.</summary>
    public bool IsRightBeside { get; init; }

    /// <summary>The same of the output.</summary>
    public bool IsOutputBeside { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Left, Right];

    /// <inheritdoc/>
    public override IEnumerable<string> Outputs => [Output];

    /// <summary>The blocks of the left tensor, of the right one and of the output.</summary>
    public (BatchLayout Left, BatchLayout Right, BatchLayout Output) Layouts(QuantizedGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return (Of(Left, IsLeftBeside), Of(Right, IsRightBeside), Of(Output, IsOutputBeside));

        BatchLayout Of(string tensor, bool isBeside) => new(graph.Tensors[tensor].Rows, graph.Tensors[tensor].Columns, Batches, isBeside);
    }
}
