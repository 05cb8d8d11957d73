namespace Hil.Models.Import.Values;

/// <summary>
/// Where each element of a tensor of rows and columns comes from, element by element: (source, element) of row-major sources.
/// </summary>
internal sealed record Rearrangement(int Rows, int Columns, (int Source, int Element)[] Elements)
{
    /// <summary>The elements of a view of one source.</summary>
    public static Rearrangement Of(View view)
    {
        var (rows, columns) = SizeOf(view.Shape);
        var elements = new (int, int)[rows * columns];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = (0, view.ElementAt(i));
        }

        return new(rows, columns, elements);
    }

    /// <summary>Rows and columns of a shape: its last axis is the columns.</summary>
    public static (int Rows, int Columns) SizeOf(long[] shape) => shape.Length == 0
        ? (1, 1)
        : ((int)shape[..^1].Aggregate(1L, (a, b) => a * b), (int)shape[^1]);

    /// <summary>Each row's source, row there, and which columns of it, where each row's elements come from one row of one source; else null.</summary>
    public (int Source, int Row, int[] Columns)[]? ByRows(IReadOnlyList<Base> sources)
    {
        var result = new (int, int, int[])[Rows];
        for (var r = 0; r < Rows; r++)
        {
            var elements = Elements.AsSpan(r * Columns, Columns);
            var source = elements[0].Source;
            var width = sources[source].Columns;
            var row = elements[0].Element / width;
            var columns = new int[Columns];
            for (var c = 0; c < Columns; c++)
            {
                if (elements[c].Source != source || elements[c].Element / width != row)
                {
                    return null;
                }

                columns[c] = elements[c].Element % width;
            }

            result[r] = (source, row, columns);
        }

        return result;
    }

    /// <summary>The same elements of the transposed only source.</summary>
    public Rearrangement OfTransposed(Base source) => this with
    {
        Elements = [.. Elements.Select(e => (0, (e.Element % source.Columns * source.Rows) + (e.Element / source.Columns)))],
    };

    /// <summary>
    /// Input rows from row to row, and which elements of the rows from there on, where every row sees the only source through the same window; else null.
    /// </summary>
    public (int Step, int[] Window)? ByWindows(Base source)
    {
        var starts = new int[Rows];
        for (var r = 0; r < Rows; r++)
        {
            starts[r] = Elements.AsSpan(r * Columns, Columns).ToArray().Min(e => e.Element) / source.Columns;
        }

        var step = Rows > 1 ? starts[1] - starts[0] : 1;
        int[] window = [.. Elements.Take(Columns).Select(e => e.Element)];
        var isUniform = starts[0] == 0 && step > 0 && Enumerable.Range(0, Elements.Length).All(i =>
            Elements[i].Source == 0 && Elements[i].Element == window[i % Columns] + (i / Columns * step * source.Columns));
        return isUniform ? (step, window) : null;
    }

    /// <summary>For each source the columns it gives, −1 where another does, where row r comes from row r of each; else null.</summary>
    public int[][]? BesideEachOther(IReadOnlyList<Base> sources)
    {
        var result = new int[sources.Count][];
        for (var s = 0; s < sources.Count; s++)
        {
            result[s] = new int[Columns];
            for (var c = 0; c < Columns; c++)
            {
                result[s][c] = Elements[c].Source == s ? Elements[c].Element % sources[s].Columns : -1;
            }
        }

        return sources.All(s => s.Rows == Rows) && Enumerable.Range(0, Elements.Length).All(i =>
            Elements[i].Source == Elements[i % Columns].Source
            && Elements[i].Element == (i / Columns * sources[Elements[i].Source].Columns) + result[Elements[i].Source][i % Columns])
            ? result
            : null;
    }
}
