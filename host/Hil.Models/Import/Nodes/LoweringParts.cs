using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>Parts of tensors: selected rows, columns that one product gives for several uses (queries, keys and values side by side), heads.</summary>
internal sealed partial class Lowering
{
    private readonly Dictionary<(Base, string), Base> _parts = [];

    /// <summary>Nodes that give parts of products as tensors of their own, for ranges and comparisons.</summary>
    public List<NodeProto> AddedNodes { get; } = [];

    /// <summary>Constants of the added nodes.</summary>
    public List<TensorProto> AddedConstants { get; } = [];

    private Value LowerGather(NodeProto node)
    {
        var axis = node.Int("axis", 0);
        return facts.Constant(node.Input[1])?.Integers is [var index]
            ? LowerSelect(node, Output, axis, index, 1)
            : LowerGeneralGather(node);
    }

    private Value LowerSlice(NodeProto node)
    {
        long[]? starts = Integers(1), ends = Integers(2), axes = Integers(3) ?? [0], steps = Integers(4) ?? [1];
        if (starts is not [var start] || ends is not [var end] || axes is not [var axis] || steps is not [1])
        {
            return LowerGeneralSlice(node);
        }

        var shape = facts.Shape(node.Input[0]);
        var length = axis >= -shape.Length && axis < shape.Length ? shape[axis < 0 ? axis + shape.Length : axis] : 0;
        start = Math.Clamp(start < 0 ? start + length : start, 0, length);
        end = Math.Clamp(end < 0 ? end + length : end, 0, length);
        return LowerSelect(node, Output, axis, start, end - start);

        long[]? Integers(int position) => facts.Constant(node.InputAt(position))?.Integers;
    }

    private Value LowerSplit(NodeProto node)
    {
        var rank = facts.Shape(node.Input[0]).Length;
        var axis = node.Int("axis", 0);
        axis = axis < 0 ? axis + rank : axis;
        var first = 0L;
        foreach (var output in node.Output)
        {
            var count = facts.HasShape(output) ? facts.Shape(output)[axis] : 0;
            if (count == 0)
            {
                return Unsupported("Its parts have no known size.", "Export with constant sizes.");
            }

            _values[output] = LowerSelect(node, output, axis, first, count);
            first += count;
        }

        return _values[Output];
    }

    private Value LowerSelect(NodeProto node, string output, long axis, long first, long count)
    {
        var shape = facts.Shape(node.Input[0]);
        axis = axis < 0 ? axis + shape.Length : axis;
        if (axis < 0 || axis >= shape.Length || count < 1)
        {
            return Unsupported("It selects nothing.", "Check the exported model.");
        }

        first = first < 0 ? first + shape[axis] : first;
        if (_values[node.Input[0]] is Expression && Materialize(node.Input[0]) is null)
        {
            return new UnknownValue();
        }

        if (first < 0 || first + count > shape[axis] || _values[node.Input[0]] is not View view)
        {
            return Unsupported("It selects other than rows or columns.", "Select rows (positions) or parts of a linear layer.");
        }

        var kept = facts.Shape(output);
        var (strides, part) = ((long[])view.Strides.Clone(), (long[])view.Shape.Clone());
        part[axis] = count;
        if (kept.Length == shape.Length - 1)
        {
            (strides, part) = ([.. strides.Where((_, i) => i != axis)], [.. part.Where((_, i) => i != axis)]);
        }

        var selected = view with { Shape = part, Strides = strides, Offset = view.Offset + (first * view.Strides[axis]) };

        // Rows of the same columns stay a layer of their own: the class token.
        return axis == RowAxis(shape) && view.IsPlain && view.Factor == 1 && AsRows(output) is { } size && size.Columns == view.Base.Columns
            ? EmitRows(output, view.Base, (int)first, (int)count)
            : selected;
    }

    private View EmitRows(string output, Base source, int first, int count) =>
        Emit(output, b => new RowsDraft(b, source, first), (count, source.Columns));

    /// <summary>A view of consecutive rows, or of some columns of all rows, as a tensor; null if it is none.</summary>
    private Base? PartOf(string tensor, View view)
    {
        if (AsRows(tensor) is not { } size || Layout.Reshape(view, [size.Rows, size.Columns]) is not [var rowStride, var columnStride]
            || (size.Rows > 1 && rowStride != view.Base.Columns) || (size.Columns > 1 && columnStride != 1))
        {
            return null;
        }

        var (row, column) = Math.DivRem(view.Offset, view.Base.Columns);
        if (size.Columns == view.Base.Columns && column == 0 && view.Base.Name is not null)
        {
            _values[tensor] = EmitRows(tensor, view.Base, (int)row, size.Rows);
            return ((View)_values[tensor]).Base;
        }

        return size.Rows == view.Base.Rows && row == 0 ? ColumnsOf(view.Base, [.. Enumerable.Range((int)column, size.Columns)]) : null;
    }

    /// <summary>
    /// The heads of a view [.., windows, heads, rows, d] (or [.., heads, d, rows]): windows below each other in the rows of a tensor, heads beside each other
    /// in its columns. The tensor is the view's own, or some columns of it.
    /// </summary>
    private (Base Base, int Windows, int Heads, int Size)? Heads(View view, bool rowsFirst)
    {
        var (shape, strides, whole) = (view.Shape, view.Strides, view.Base);
        if (shape.Length < 2)
        {
            return null;
        }

        var (rows, features) = rowsFirst ? (shape.Length - 2, shape.Length - 1) : (shape.Length - 1, shape.Length - 2);
        var (axis, count, size) = (shape.Length - 3, (int)shape[rows], (int)shape[features]);
        var (heads, between) = Run(a => strides[a] == 0 || strides[a] % whole.Columns != 0);
        var (windows, apart) = Run(_ => true);
        if (axis >= 0 || windows * count != whole.Rows || (windows > 1 && apart != (long)count * whole.Columns)
            || (count > 1 && strides[rows] != whole.Columns))
        {
            return null;
        }

        int[] columns = [.. Enumerable.Range(0, heads * size).Select(c => (int)(view.Offset + (c / size * between) + (c % size * strides[features])))];
        return columns.All(c => c >= 0 && c < whole.Columns) && ColumnsOf(whole, columns) is { } part ? (part, windows, heads, size) : null;

        // The axes from this one up that follow on from each other, as one: its length and stride.
        (int Length, long Stride) Run(Func<int, bool> belongs)
        {
            var (length, stride) = (1L, 0L);
            for (; axis >= 0 && (shape[axis] == 1 || (belongs(axis) && (length == 1 || strides[axis] == stride * length))); axis--)
            {
                stride = length == 1 && shape[axis] > 1 ? strides[axis] : stride;
                length *= shape[axis];
            }

            return ((int)length, stride);
        }
    }

    /// <summary>Some columns of what a product gives, as a product of its own; the tensor itself if they are all, in order.</summary>
    private Base? ColumnsOf(Base whole, int[] columns)
    {
        if (columns.Length == whole.Columns && columns.SequenceEqual(Enumerable.Range(0, whole.Columns)))
        {
            return whole;
        }

        if (whole.Producer is not ProductDraft { Activation: Activation.None, IsBare: true } product || whole.Name is null)
        {
            return null;
        }

        var name = $"{whole.Name}/columns_{string.Join('_', Runs(columns))}";
        if (!_parts.TryGetValue((whole, name), out var part))
        {
            _parts.Add((whole, name), part = new Base { Name = name, Rows = whole.Rows, Columns = columns.Length });
            part.Producer = product.Columns(part, columns);
            _drafts.Insert(_drafts.IndexOf(product) + 1, part.Producer);
            var indices = new TensorProto { Name = $"{name}/indices", DataType = TensorData.Int64 };
            indices.Dims.Add(columns.Length);
            indices.Int64Data.AddRange(columns.Select(c => (long)c));
            var node = new NodeProto { OpType = "Gather", Name = name };
            node.Input.AddRange([whole.Name, indices.Name]);
            node.Output.Add(name);
            node.Attribute.Add(new AttributeProto { Name = "axis", Type = 2, I = -1 });
            AddedNodes.Add(node);
            AddedConstants.Add(indices);
        }

        return part;
    }

    // Consecutive columns as first-last.
    private static IEnumerable<string> Runs(int[] columns)
    {
        for (int i = 0, j = 0; i < columns.Length; i = j)
        {
            for (j = i + 1; j < columns.Length && columns[j] == columns[j - 1] + 1; j++)
            {
            }

            yield return $"{columns[i]}-{columns[j - 1]}";
        }
    }
}
