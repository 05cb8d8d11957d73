namespace Hil.Compiler.Plans;

/// <summary>Rows of a tensor in one region: tensor row <paramref name="Row"/> lies in region row <paramref name="RegionRow"/>.</summary>
internal readonly record struct RowPiece(int Row, int Rows, Region Region, int RegionRow);

/// <summary>
/// Where the rows and columns of a tensor lie: pieces of rows in one or several regions, each row whole.
/// </summary>
/// <param name="ElementBytes">1 or 2.</param>
/// <param name="StrideBytes">From row to row in each region.</param>
internal sealed record TensorView(IReadOnlyList<RowPiece> Pieces, int Columns, int ElementBytes, int StrideBytes)
{
    public int Rows => Pieces[^1].Row + Pieces[^1].Rows;

    /// <summary>Region and byte offset of rows that lie in one piece.</summary>
    public (Region Region, long Offset) Locate(int row, int rows, int column = 0)
    {
        foreach (RowPiece piece in Pieces)
        {
            if (row >= piece.Row && row + rows <= piece.Row + piece.Rows)
                return (piece.Region, ((long)(row - piece.Row + piece.RegionRow) * StrideBytes) + ((long)column * ElementBytes));
        }

        throw new InvalidOperationException($"Rows {row} to {row + rows - 1} of {Pieces[0].Region.Name} do not lie in one region.");
    }

    public TensorView Select(int first, int count)
    {
        var pieces = new List<RowPiece>();
        foreach (RowPiece p in Pieces)
        {
            int from = Math.Max(first, p.Row);
            int to = Math.Min(first + count, p.Row + p.Rows);
            if (from < to) pieces.Add(new(from - first, to - from, p.Region, p.RegionRow + from - p.Row));
        }

        return this with { Pieces = pieces };
    }
}
