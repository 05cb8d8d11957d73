using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Models.Export;

/// <summary>Products through a window as convolutions, and the order of the values at the model's edges.</summary>
internal sealed partial class QdqWriter
{
    /// <summary>Conv on the grid of positions; rows of channels before and after it.</summary>
    private string Convolve(QProduct p, Window window, QTensor input, float[] scales)
    {
        var (channels, taps) = (input.Columns, window.Taps);
        var kernel = new sbyte[p.Weights.Length];
        for (var n = 0; n < p.N; n++)
        {
            for (var k = 0; k < p.K; k++)
            {
                var (tap, channel) = Math.DivRem(k, channels);
                kernel[(((n * channels) + channel) * taps) + tap] = p.Weights[(k * p.N) + n];
            }
        }

        var name = p.Output;
        var weights = _build.Node(
            "DequantizeLinear",
            $"{name}:weights",
            [
                _build.Bytes($"{name}:weights:int8", kernel, p.N, channels, window.KernelHeight, window.KernelWidth),
                _build.Floats($"{name}:weights:scale", scales, p.N),
            ],
            ("axis", 0));
        return Slide(p.Output, window, p.Input, planes => _build.Node("Conv", $"{name}:convolved", [planes, weights], Attributes(window)), $"{name}:product");
    }

    /// <summary>MaxPool on the grid of positions: what it gives is on the grid of values already.</summary>
    private void AddPool(QMaximumPool p)
    {
        var w = p.Window;
        if (w.PadTop >= w.KernelHeight || w.PadBottom >= w.KernelHeight || w.PadLeft >= w.KernelWidth || w.PadRight >= w.KernelWidth)
        {
            throw new HilException(
                ExitKind.Unsupported, "its padding is as long as its window, which MaxPool refuses.", p.Name, "Pad less, or leave this layer to the device.");
        }

        var rows = Slide(
            p.Output, w, p.Input, planes => _build.Named(p.Name, "MaxPool", $"{p.Output}:pooled", [planes], Attributes(w)), _graph.Tensors[p.Output].Source);
        _values.Add(p.Output, rows);
    }

    /// <summary>An operator on planes [1, channels, height, width] between tensors of rows; positions that it has beyond the window's are cut off.</summary>
    private string Slide(string name, Window window, string input, Func<string, string> add, string output)
    {
        var (channels, columns) = (_graph.Tensors[input].Columns, _graph.Tensors[name].Columns);
        var lines = _build.Node(
            "Reshape", $"{name}:lines", [_values[input], _build.Longs($"{name}:grid", 1, window.Height, window.Width, channels)]);
        var planes = add(_build.Node("Transpose", $"{name}:planes", [lines], ("perm", new long[] { 0, 3, 1, 2 })));
        var size = (Size(window.Height, window.PadTop, window.PadBottom, window.KernelHeight, window.DilationHeight, window.StrideHeight),
            Size(window.Width, window.PadLeft, window.PadRight, window.KernelWidth, window.DilationWidth, window.StrideWidth));
        if (size != (window.OutputHeight, window.OutputWidth))
        {
            planes = _build.Node(
                "Slice",
                $"{name}:cut",
                [
                    planes,
                    _build.Longs($"{name}:cut:starts", 0, 0),
                    _build.Longs($"{name}:cut:ends", window.OutputHeight, window.OutputWidth),
                    _build.Longs($"{name}:cut:axes", 2, 3),
                ]);
        }

        var last = _build.Node("Transpose", $"{name}:channels", [planes], ("perm", new long[] { 0, 2, 3, 1 }));
        return _build.Node("Reshape", output, [last, _build.Longs($"{name}:rows", 1, window.Outputs, columns)]);
    }

    private static (string Name, object Value)[] Attributes(Window window) =>
    [
        ("kernel_shape", new long[] { window.KernelHeight, window.KernelWidth }),
        ("strides", new long[] { window.StrideHeight, window.StrideWidth }),
        ("dilations", new long[] { window.DilationHeight, window.DilationWidth }),
        ("pads", new long[] { window.PadTop, window.PadLeft, window.PadBottom, window.PadRight }),
    ];

    private static int Size(int length, int before, int after, int taps, int dilation, int stride) =>
        ((length + before + after - ((taps - 1) * dilation) - 1) / stride) + 1;

    /// <summary>The rows and columns of a tensor whose values the model has in another order.</summary>
    private string ToRows(string value, string name, QTensor tensor)
    {
        if (tensor.Order is not { } order)
        {
            return value;
        }

        var sorted = _build.Node("Transpose", $"{name}:sorted", [value], ("perm", Sorted(order)));
        return _build.Node("Reshape", $"{name}:rows", [sorted, _build.Longs($"{name}:shape", 1, tensor.Rows, tensor.Columns)]);
    }

    /// <summary>The values of a tensor in the model's order.</summary>
    private string FromRows(string value, string name, QTensor tensor)
    {
        if (tensor.Order is not { } order)
        {
            return value;
        }

        var sorted = Sorted(order);
        long[] back = [.. sorted.Select((_, i) => (long)Array.IndexOf(sorted, i))];
        var split = _build.Node("Reshape", $"{name}:split", [value, _build.Longs($"{name}:axes", [.. sorted.Select(a => order.Shape[(int)a])])]);
        return _build.Node("Transpose", $"{name}:ordered", [split], ("perm", back));
    }

    private static long[] Shape(QTensor tensor) => tensor.Order is { } order ? [.. order.Shape] : [1, tensor.Rows, tensor.Columns];

    /// <summary>The axes from the one with the longest steps to the one with the shortest.</summary>
    private static long[] Sorted(TensorOrder order) =>
        [.. Enumerable.Range(0, order.Shape.Length).OrderByDescending(i => order.Strides[i]).Select(i => (long)i)];
}
