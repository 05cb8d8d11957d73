using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>
/// Elements brought to another place on the device: rows by copies, columns by a product with zeros and ones, rows for columns by a product with the
/// identity.
/// </summary>
internal sealed partial class Lowering
{
    private const int MostPatterns = 64;
    private const int MostElements = 1 << 10;

    /// <summary>Nearer to 1 is 1 to the device: its multipliers have 16 bits.</summary>
    private const double SmallestFactor = 1.0 / (1 << 16);

    /// <summary>A view in its own order, in rows of its last axis; null (reported) if the device cannot bring it there.</summary>
    private Base? Rearranged(string tensor, View view)
    {
        if (view.Base.Name is null && view.IsWhole)
        {
            Shown(view.Base, tensor, view.Shape, view.Strides);
        }

        var isScaled = view.Factor != 1;
        var result = view.Base.Name is null || view.Shape.Length == 0 ? null
            : isScaled && view.IsPlain ? view
            : isScaled ? EmitPart(tensor, view)
            : EmitRearranged(tensor, [view.Base], Rearrangement.Of(view), view.Shape);
        if (result is not null && isScaled)
        {
            result = EmitScaled(tensor, result.Base, view.Factor, view.Shape, null);
        }

        if (result is null)
        {
            Unsupported($"It reads '{tensor}' in an order or scale in which no layer gives it.", "Keep [1, rows, columns] outside attention.");
            _values[tensor] = new UnknownValue();
            return null;
        }

        _values[tensor] = result;
        return result.Base;
    }

    /// <summary>factor · source, as a sum with nothing.</summary>
    private View EmitScaled(string tensor, Base source, double factor, long[] shape, long[]? strides)
    {
        var output = new Base { Rows = source.Rows, Columns = source.Columns };
        output.Producer = new VectorDraft(output, (name, o) => new Sum(name, source.Name!, source.Name!, o, factor, 0));
        _drafts.Add(output.Producer);
        return Shown(output, tensor, shape, strides);
    }

    /// <summary>A view in its own order as a tensor on the way to another one; no ONNX tensor has its values. Null if the device cannot bring them there.</summary>
    private View? EmitPart(string tensor, View view)
    {
        var part = EmitRearranged(PartName(tensor), [view.Base], Rearrangement.Of(view), view.Shape);
        if (part is not null)
        {
            part.Base.RangeOf = RangeOf(view.Base);
            if (part.Base.Producer is ProductDraft product)
            {
                product.Sum = product.ProductTensor = part.Base.RangeOf;
            }
        }

        return part;
    }

    /// <summary>The elements of tensors and constants in a new tensor; null if the device cannot bring them there.</summary>
    private View? EmitRearranged(string tensor, List<Base> sources, Rearrangement places, long[] shape)
    {
        if (places.ByRows(sources) is { } rows && rows.DistinctBy(r => (r.Source, Pattern(r.Columns))).Count() <= MostPatterns)
        {
            return EmitByRows(tensor, sources, rows, places.Columns, shape);
        }

        if (places.BesideEachOther(sources) is { } beside && sources.Count > 1)
        {
            return EmitBeside(tensor, tensor, sources, beside, places.Columns, shape);
        }

        if (sources is not [var source])
        {
            return null;
        }

        if (places.ByWindows(source) is { } windows)
        {
            var taps = (windows.Window.Max() / source.Columns) + 1;
            return (long)taps * source.Columns * places.Columns > MostWeights ? null : EmitSelection(
                tensor, null, source, windows.Window, places.Columns, shape, new Window(1, source.Rows, 1, taps, 1, windows.Step, 0, 0, 1, places.Rows));
        }

        var transposed = places.OfTransposed(source);
        Base turned = new() { Rows = source.Columns, Columns = source.Rows, Name = PartName(tensor), RangeOf = RangeOf(source) };
        if (transposed.ByRows([turned]) is not { } turnedRows || turnedRows.DistinctBy(r => Pattern(r.Columns)).Count() > MostPatterns)
        {
            return EmitByElements(tensor, source, places, shape);
        }

        var isWhole = IsIdentity(turnedRows, turned);
        if (isWhole)
        {
            turned.RangeOf = null;
        }

        turned.Producer = new VectorDraft(turned, (name, output) => new TransposeRows(name, source.Name!, output));
        _drafts.Add(turned.Producer);
        return isWhole ? Shown(turned, tensor, shape, null) : EmitByRows(tensor, [turned], turnedRows, places.Columns, shape);
    }

    /// <summary>Few elements in any order: all rows side by side in one, of which each output row chooses its columns; null if there are too many.</summary>
    private View? EmitByElements(string tensor, Base source, Rearrangement places, long[] shape)
    {
        var count = source.Rows * source.Columns;
        if (count > MostElements || places.Rows > MostPatterns)
        {
            return null;
        }

        var row = EmitRow(PartName(tensor), source);
        return EmitRearranged(tensor, [row.Base], places, shape);
    }

    private View EmitByRows(string tensor, List<Base> sources, (int Source, int Row, int[] Columns)[] rows, int columns, long[] shape)
    {
        var groups = rows.Select(r => (r.Source, Pattern: Pattern(r.Columns))).Distinct().ToList();
        var parts = groups.ToDictionary(g => g, g => (Base?)null);
        foreach (var row in rows)
        {
            var key = (row.Source, Pattern(row.Columns));
            var source = sources[row.Source];
            if (parts[key] is not null)
            {
                continue;
            }

            var isWhole = row.Columns.SequenceEqual(Enumerable.Range(0, source.Columns));
            if (!isWhole && groups.Count == 1 && rows.Length == source.Rows && Enumerable.Range(0, rows.Length).All(r => rows[r].Row == r))
            {
                return EmitSelection(tensor, null, source, row.Columns, columns, shape, null);
            }

            parts[key] = isWhole ? source : EmitSelection(PartName(tensor), RangeOf(source), source, row.Columns, columns, [source.Rows, columns], null).Base;
        }

        var runs = new List<(Base Source, int First, int Count, int Step)>();
        foreach (var (s, row, selected) in rows)
        {
            var source = parts[(s, Pattern(selected))]!;
            if (runs.Count > 0 && runs[^1] is var last && last.Source == source && (last.Count == 1 ? row > last.First : row == last.First + (last.Count * last.Step)))
            {
                runs[^1] = last with { Count = last.Count + 1, Step = last.Count == 1 ? row - last.First : last.Step };
            }
            else
            {
                runs.Add((source, row, 1, 1));
            }
        }

        var output = new Base { Rows = rows.Length, Columns = columns };
        output.Producer = new VectorDraft(output, (name, o) => new GatherRows(
            name, o, [.. runs.Select(r => new RowRun(r.Source.Name!, r.First, r.Count, r.Step))]));
        _drafts.Add(output.Producer);
        return Shown(output, tensor, shape, null);
    }

    /// <summary>Tensors side by side: products with zeros and ones, each added to those before.</summary>
    /// <param name="tensor">Its name.</param>
    /// <param name="whole">The ONNX tensor whose range it has.</param>
    /// <param name="sources">Tensors of its rows.</param>
    /// <param name="columns">For each source the columns it gives, −1 where another does.</param>
    /// <param name="count">Its columns.</param>
    /// <param name="shape">Its shape.</param>
    private View EmitBeside(string tensor, string whole, List<Base> sources, int[][] columns, int count, long[] shape)
    {
        Base? before = null;
        for (var s = 0; s < sources.Count; s++)
        {
            var isLast = s == sources.Count - 1;
            var part = EmitSelection(isLast ? tensor : PartName(tensor), isLast && tensor == whole ? null : whole, sources[s], columns[s], count, shape, null);
            var draft = (ProductDraft)part.Base.Producer!;
            (draft.Residual, draft.ProductTensor) = (before, whole);
            before = part.Base;
        }

        return Shown(before!, tensor, shape, null);
    }

    /// <summary>The product with a matrix of zeros and ones that takes input columns[c] to column c; −1 takes none.</summary>
    private View EmitSelection(string tensor, string? rangeOf, Base source, int[] columns, int n, long[] shape, Window? window)
    {
        var k = source.Columns * (window?.Taps ?? 1);
        var matrix = new float[k * n];
        for (var c = 0; c < n; c++)
        {
            if (columns[c] >= 0)
            {
                matrix[(columns[c] * n) + c] = 1;
            }
        }

        var output = new Base { Rows = window?.Outputs ?? source.Rows, Columns = n };
        output.Producer = new ProductDraft(source, output, string.Empty, matrix, rangeOf ?? tensor) { Window = window, ProductTensor = rangeOf ?? tensor };
        _drafts.Add(output.Producer);
        var view = Shown(output, tensor, shape, null);
        output.RangeOf = rangeOf;
        return view;
    }

    /// <summary>The elements of a tensor as places in one source; null (reported) if there is no such tensor.</summary>
    private View? Seen(string tensor) => _values.GetValueOrDefault(tensor) switch
    {
        View view when Math.Abs(view.Factor - 1) < SmallestFactor => view with { Factor = 1 },
        Expression or View when MaterializeWhole(tensor) is not null => (View)_values[tensor],
        _ => null,
    };

    /// <summary>A tensor whose elements are places of constants and of other tensors, in the order of its shape.</summary>
    private Value LowerPlaces(Func<int, (string Tensor, int Element)> place)
    {
        var shape = facts.Shape(Output);
        var (rows, columns) = Rearrangement.SizeOf(shape);
        var sources = new List<Base>();
        var elements = new (int, int)[rows * columns];
        for (var i = 0; i < elements.Length; i++)
        {
            var (tensor, element) = place(i);
            if (facts.Constant(tensor) is { } constant)
            {
                if (ConstantBase(constant) is not { } values)
                {
                    return Unsupported($"The constant '{tensor}' is not float32.", "Use float32.");
                }

                elements[i] = (Index(sources, values), element);
            }
            else if (Seen(tensor) is { } view)
            {
                elements[i] = view.Base.Producer is RowsDraft part
                    ? (Index(sources, part.Source), (part.First * part.Source.Columns) + view.ElementAt(element))
                    : (Index(sources, view.Base), view.ElementAt(element));
            }
            else
            {
                return _values.GetValueOrDefault(tensor) is null or UnknownValue
                    ? new UnknownValue()
                    : Unsupported($"It takes elements of '{tensor}', which is no tensor in memory.", "Rearrange outside of attention.");
            }
        }

        return EmitRearranged(Output, sources, new(rows, columns, elements), shape) is { } result
            ? result
            : Unsupported("It brings elements to places where no copy of rows, choice of columns or transposition brings them.", "Rearrange whole rows or columns.");
    }

    private Base? ConstantBase(Constant constant)
    {
        if (_constants.TryGetValue(constant.Name, out var known))
        {
            return known;
        }

        if (constant.Floats is not { } floats)
        {
            return null;
        }

        var (rows, columns) = Rearrangement.SizeOf(constant.Dims);
        var values = new Base { Name = constant.Name, Rows = rows, Columns = columns };
        values.Producer = new VectorDraft(values, (name, output) => new ConstantTensor(name, output, [.. floats]));
        _drafts.Add(values.Producer);
        return _constants[constant.Name] = values;
    }

    private static int Index(List<Base> sources, Base source)
    {
        var index = sources.IndexOf(source);
        if (index < 0)
        {
            sources.Add(source);
            index = sources.Count - 1;
        }

        return index;
    }

    private static bool IsIdentity((int Source, int Row, int[] Columns)[] rows, Base source) => rows.Length == source.Rows
        && Enumerable.Range(0, rows.Length).All(r => rows[r].Row == r && rows[r].Columns.SequenceEqual(Enumerable.Range(0, source.Columns)));

    private static string Pattern(int[] columns) => string.Join(',', columns);

    private static string RangeOf(Base source) => source.RangeOf ?? source.Name!;

    private string PartName(string tensor) => $"{tensor}:part{_drafts.Count}";
}
