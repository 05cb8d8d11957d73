namespace Hil.Models.Graphs;

/// <summary>Equal blocks of a matrix, one after the other: below each other in its rows, or beside each other in its columns.</summary>
/// <param name="Rows">Of the whole matrix.</param>
/// <param name="Columns">Of the whole matrix.</param>
/// <param name="Count">Blocks, at least 1.</param>
/// <param name="IsBeside">The blocks are runs of columns; else runs of rows.</param>
public readonly record struct BatchLayout(int Rows, int Columns, int Count, bool IsBeside)
{
    /// <summary>Rows of a block.</summary>
    public int BlockRows => IsBeside ? Rows : Rows / Count;

    /// <summary>Columns of a block.</summary>
    public int BlockColumns => IsBeside ? Columns / Count : Columns;

    /// <summary>The blocks are equal.</summary>
    public bool IsEven => (IsBeside ? Columns : Rows) % Count == 0;

    /// <summary>The matrix's first row of a block.</summary>
    public int Row(int block) => IsBeside ? 0 : block * BlockRows;

    /// <summary>The matrix's first column of a block.</summary>
    public int Column(int block) => IsBeside ? block * BlockColumns : 0;

    /// <summary>Where an element of a block lies in the row-major matrix.</summary>
    public int Place(int block, int row, int column) => ((Row(block) + row) * Columns) + Column(block) + column;
}
