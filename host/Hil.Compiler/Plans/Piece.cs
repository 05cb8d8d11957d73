namespace Hil.Compiler.Plans;

/// <summary>A run of rows that is computed as one accumulator block, or by one vector instruction.</summary>
internal readonly record struct RowBlock(int Row, int Rows);

/// <summary>Rows of vector work that is cut so that it can make way for a REQUANTIZE.</summary>
/// <param name="Work">Which such work of the plan, in lowering order.</param>
/// <param name="Row">The first row; <paramref name="Rows"/> of them are one instruction.</param>
/// <param name="Most">Rows that an instruction may have that begins there.</param>
internal readonly record struct Piece(int Work, int Row, int Rows, int Most);

/// <summary>
/// The pieces that vector work is cut into. A first lowering cuts as finely as could be of use. In its schedule some pieces follow one another without a
/// pause; a second lowering of the same graph takes each such run as one, and saves what it costs to start the others.
/// </summary>
/// <param name="known">The pieces of each work of the plan, or null for the finest.</param>
internal sealed class PieceList(IReadOnlyList<IReadOnlyList<Piece>>? known = null)
{
    private int _works;

    /// <summary>The pieces of the next work of the plan.</summary>
    /// <param name="finest">Rows and, for each run of them, how many an instruction that begins there may have.</param>
    public IEnumerable<Piece> Cut(IEnumerable<(RowBlock Rows, int Most)> finest)
    {
        int work = _works++;
        return known?[work] ?? [.. finest.Select(p => new Piece(work, p.Rows.Row, p.Rows.Rows, p.Most))];
    }

    /// <summary>The pieces of a schedule, with those joined that follow one another on the vector unit without a pause.</summary>
    public static IReadOnlyList<IReadOnlyList<Piece>> Joined(IEnumerable<Operation> order)
    {
        var works = new SortedDictionary<int, List<Piece>>();
        Operation? before = null;
        foreach (Operation op in order.Where(o => o.Unit == Contract.Isa.Unit.Vector))
        {
            if (op.Piece is { } piece)
            {
                if (!works.TryGetValue(piece.Work, out List<Piece>? pieces)) works[piece.Work] = pieces = [];
                bool joins = before?.Piece is { } last && last.Work == piece.Work && last.Row + last.Rows == piece.Row && op.Start == before.End + 1
                    && pieces[^1].Rows + piece.Rows <= pieces[^1].Most;
                if (joins) pieces[^1] = pieces[^1] with { Rows = pieces[^1].Rows + piece.Rows };
                else pieces.Add(piece);
            }

            before = op;
        }

        return [.. works.Values];
    }
}
