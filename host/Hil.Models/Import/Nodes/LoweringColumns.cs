using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>Element-wise operators whose constant operand is another one for each column, or for each element.</summary>
internal sealed partial class Lowering
{
    /// <summary>
    /// An element-wise operator with a constant that differs from row to row, as a function of one long row: all rows side by side. Null if there are too many elements,
    /// or no such constant.
    /// </summary>
    private Value? LowerOnOneRow(NodeProto node, List<string> sources, View? frame)
    {
        if (ConstantOperand(node, sources, frame) is not { Elements.Length: <= MostElements })
        {
            return null;
        }

        if (Summand(sources[0], frame) is not { } source)
        {
            return new UnknownValue();
        }

        if (_values[sources[0]] is not View view || source.Base.Name is null)
        {
            return null;
        }

        var row = source.Base.Rows == 1 ? source.Base : EmitRow(PartName(Output), source.Base).Base;
        var before = _values[sources[0]];
        _values[sources[0]] = new View(row, view.Shape, view.Strides, view.Factor);
        var value = AsExpression(node, sources, new View(row, view.Shape, view.Strides, 1));
        _values[sources[0]] = before;
        return value;
    }

    /// <summary>All rows of a tensor side by side in one.</summary>
    private View EmitRow(string name, Base source)
    {
        var count = source.Rows * source.Columns;
        return EmitSelection(
            name, RangeOf(source), source, [.. Enumerable.Range(0, count)], count, [1, count], new Window(1, source.Rows, 1, source.Rows, 1, 1, 0, 0, 1, 1));
    }

    /// <summary>A tensor of an expression's elements that has its rows and columns, in the expression's order or brought into it.</summary>
    private Base? Placed(string tensor, Expression expression, Func<string, View> emit)
    {
        var like = expression.Strides ?? Layout.Contiguous(expression.Shape);
        var isRow = expression.Base.Rows == 1 && Rearrangement.SizeOf(expression.Shape).Rows > 1;
        var own = emit(isRow ? PartName(tensor) : tensor).Base;
        if (!isRow)
        {
            _values[tensor] = Shown(own, tensor, expression.Shape, expression.Strides);
            return own;
        }

        own.RangeOf = tensor;
        if (own.Producer is ProductDraft product)
        {
            product.Sum = product.ProductTensor = tensor;
        }

        return Rearranged(tensor, new View(own, expression.Shape, like, 1));
    }

    /// <summary>A function that is another one for some columns: each group of columns that it treats alike through a table of its own, then all side by side. Null if there are too many.</summary>
    private Base? ByColumns(string tensor, Expression expression)
    {
        var (source, function) = (expression.Base, expression.Function);
        var groups = Enumerable.Range(0, source.Columns).GroupBy(c => string.Join(' ', fault == ImporterFault.ColumnsAlike ? [] : function.ConstantsOf(c).Select(BitConverter.DoubleToInt64Bits))).Select(g => g.ToArray()).ToList();
        if (function.UsesMean || source.Name is null || groups.Count > MostPatterns)
        {
            return null;
        }

        List<Base> tables = [.. groups.Select(Table)];
        return Placed(tensor, expression, name => EmitBeside(
            name, tensor, tables, [.. groups.Select(g => Enumerable.Range(0, source.Columns).Select(c => Array.IndexOf(g, c)).ToArray())], source.Columns, [source.Rows, source.Columns]));

        Base Table(int[] columns)
        {
            var part = groups.Count == 1 ? source : EmitSelection(PartName(tensor), RangeOf(source), source, columns, columns.Length, [source.Rows, columns.Length], null).Base;
            var scalar = new ScalarFunction(x => function.Evaluate([.. Enumerable.Repeat(x, source.Columns)])[columns[0]]);
            var output = new Base { Rows = source.Rows, Columns = columns.Length, Name = PartName(tensor), RangeOf = tensor };
            output.Producer = new VectorDraft(output, (name, o) => new Pointwise(name, part.Name!, o, Activation.Other) { Function = scalar });
            _drafts.Add(output.Producer);
            return output;
        }
    }
}
