using Hil.Models.Quantized;

namespace Hil.Models.Export;

/// <summary>Products.</summary>
internal sealed partial class QdqWriter
{
    private void AddProduct(QProduct p)
    {
        var (input, output) = (_graph.Tensors[p.Input], _graph.Tensors[p.Output]);
        var step = p.Meaning?.Scale ?? output.Scale;
        float[] scales = [.. p.Multiplier.Select(m => (float)(Math.ScaleB(m, -p.Shift) * step / input.Scale))];
        var isPlain = p.Table.IsEmpty && !p.Accumulates;
        var product = p.Window is { } window ? Convolve(p, window, input, scales) : Multiply(p, scales);
        var sum = _build.Named(
            isPlain ? p.Name : $"{p.Name}:bias", "Add", isPlain ? output.Source : $"{output.Source}:sum", [product, Bias(p, input, scales, step)]);
        if (!p.Table.IsEmpty)
        {
            AddTable(p.Name, sum, output, p.Meaning, p.Table.AsSpan());
        }
        else if (p.Accumulates)
        {
            Store(p.Output, _build.Named(p.Name, "Add", output.Source, [Placed(p, sum, input, output), Old(p, output)]), isFull: false);
        }
        else
        {
            Store(p.Output, sum, isFull: false);
        }
    }

    private string Multiply(QProduct p, float[] scales)
    {
        var weights = _build.Node(
            "DequantizeLinear",
            $"{p.Output}:weights",
            [_build.Bytes($"{p.Output}:weights:int8", [.. p.Weights], p.K, p.N), _build.Floats($"{p.Output}:weights:scale", scales, p.N)],
            ("axis", 1));
        return _build.Node("MatMul", $"{p.Output}:product", [_values[p.Input], weights]);
    }

    /// <summary>
    /// The bias without what was folded into it: int32 in the accumulator's scale, which the file holds as the product of two float32
    /// numbers; float32 where the offset of a table was folded in, or where it does not fit.
    /// </summary>
    private string Bias(QProduct p, QTensor input, float[] scales, double step)
    {
        var bias = new long[p.N];
        for (var c = 0; c < p.N; c++)
        {
            var folded = 0L;
            for (var r = 0; r < p.K; r++)
            {
                folded += p.Weights[(r * p.N) + c];
            }

            bias[c] = p.Bias[c] + (input.ZeroPoint * folded);
        }

        var (name, offset) = ($"{p.Output}:bias", p.Meaning?.Offset ?? 0);
        if (offset == 0 && bias.All(b => b is >= int.MinValue and <= int.MaxValue))
        {
            return _build.Node(
                "DequantizeLinear",
                name,
                [
                    _build.Ints($"{name}:int32", [.. bias.Select(b => (int)b)], p.N),
                    _build.Floats($"{name}:scale", [.. scales.Select(s => (float)(s * input.Scale))], p.N),
                ],
                ("axis", 0));
        }

        return _build.Floats(name, [.. bias.Select((b, c) => (float)((b * Math.ScaleB(p.Multiplier[c], -p.Shift) * step) - (offset * step)))], p.N);
    }

    /// <summary>The requantized product at its rows of the output; zeros elsewhere.</summary>
    private string Placed(QProduct p, string sum, QTensor input, QTensor output)
    {
        var rows = p.Window?.Outputs ?? input.Rows;
        var grid = output with { Name = $"{p.Output}:added", Rows = rows };
        var added = _quantizers.Quantize(sum, grid, isFull: false);
        var (before, after) = (p.OutputRowOffset, output.Rows - p.OutputRowOffset - rows);
        if (before == 0 && after == 0)
        {
            return added;
        }

        string[] Zeros(string name, int count) => count == 0 ? [] : [_build.Floats($"{p.Output}:{name}", new float[count * p.N], 1, count, p.N)];
        return _build.Node("Concat", $"{p.Output}:placed", [.. Zeros("before", before), added, .. Zeros("after", after)], ("axis", 1));
    }

    private string Old(QProduct p, QTensor output) =>
        p.Residual is { } residual ? _values[residual] : _quantizers.Constant($"{p.Output}:initial", [.. p.Initial], output, output.Rows, output.Columns);
}
