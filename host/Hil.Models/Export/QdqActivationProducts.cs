using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Models.Export;

/// <summary>Products of two activations: [batches, rows, columns] between their reshapes.</summary>
internal sealed partial class QdqWriter
{
    private void AddActivationProduct(QActivationProduct p)
    {
        var (left, right, blocks) = p.Layouts(_graph);
        var output = _graph.Tensors[p.Output];
        var factor = (float)(Math.ScaleB(p.Multiplier, -p.Shift) * output.Scale / (_graph.Tensors[p.Left].Scale * _graph.Tensors[p.Right].Scale));
        var isScaled = factor != 1;
        string[] operands = [Blocks(p, "left", p.Left, left, false), Blocks(p, "right", p.Right, right, p.IsTransposed)];
        if (p.Batches == 1)
        {
            Store(p.Output, isScaled ? Scaled(_build.Node("MatMul", $"{p.Output}:product", operands), output.Source) : _build.Named(p.Name, "MatMul", output.Source, operands), isFull: false);
            return;
        }

        var product = _build.Node("MatMul", $"{p.Output}:product", operands);
        product = isScaled ? Scaled(product, $"{p.Output}:scaled") : product;
        product = blocks.IsBeside ? _build.Node("Transpose", $"{p.Output}:turned", [product], ("perm", new long[] { 1, 0, 2 })) : product;
        Store(p.Output, _build.Named(p.Name, "Reshape", output.Source, [product, _build.Longs($"{p.Output}:shape", 1, output.Rows, output.Columns)]), isFull: false);

        string Scaled(string value, string name) => _build.Named(
            p.Batches == 1 ? p.Name : $"{p.Name}:factor", "Mul", name, [value, _build.Number($"{p.Output}:factor", factor)]);
    }

    /// <summary>The blocks of a tensor as the first of three axes, each block as it lies or transposed.</summary>
    private string Blocks(QActivationProduct p, string role, string tensor, BatchLayout layout, bool isTransposed)
    {
        var name = $"{p.Output}:{role}";
        var rows = _values[tensor];
        if (layout.Count > 1)
        {
            long[] shape = layout.IsBeside ? [layout.Rows, layout.Count, layout.BlockColumns] : [layout.Count, layout.BlockRows, layout.Columns];
            rows = _build.Node("Reshape", $"{name}:split", [rows, _build.Longs($"{name}:shape", shape)]);
        }

        long[] order = (layout.Count > 1 && layout.IsBeside, isTransposed) switch
        {
            (true, false) => [1, 0, 2],
            (true, true) => [1, 2, 0],
            (false, true) => [0, 2, 1],
            _ => [],
        };
        return order.Length == 0 ? rows : _build.Node("Transpose", name, [rows], ("perm", order));
    }
}
