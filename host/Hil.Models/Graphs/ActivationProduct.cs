namespace Hil.Models.Graphs;

/// <summary>
/// Factor · left · right of two tensors that layers give, or Factor · left · rightᵀ, block by block: [rows, K] · [K, N] or, transposed, [rows, K] · [N, K]ᵀ.
/// </summary>
/// <param name="Name">The ONNX node that gives the output.</param>
/// <param name="Left">Its blocks are [rows, K].</param>
/// <param name="Right">Its blocks are [K, N], or [N, K] where transposed.</param>
/// <param name="Output">Its blocks are [rows, N].</param>
/// <param name="Factor">Greater than 0.</param>
public sealed record ActivationProduct(string Name, string Left, string Right, string Output, double Factor) : Layer(Name, Output)
{
    /// <summary>How many pairs of blocks are multiplied.</summary>
    public int Batches { get; init; } = 1;

    /// <summary>The rows of the right tensor are the columns of its matrix.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>The blocks of the left tensor lie beside each other in its columns.</summary>
    public bool IsLeftBeside { get; init; }

    /// <summary>The blocks of the right tensor lie beside each other in its columns.</summary>
    public bool IsRightBeside { get; init; }

    /// <summary>The blocks of the output lie beside each other in its columns.</summary>
    public bool IsOutputBeside { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Inputs => [Left, Right];

    /// <summary>The tensor's blocks lie in its columns, where it is read here.</summary>
    public bool IsBeside(string tensor) => Batches > 1 && ((tensor == Left && IsLeftBeside) || (tensor == Right && IsRightBeside));
}
