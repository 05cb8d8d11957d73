using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>Convolutions and means, as products that read their rows through windows. Positions are rows, channels columns.</summary>
internal sealed partial class Lowering
{
    /// <summary>Most elements of a block-diagonal weight matrix: what is larger is nearly all zeros.</summary>
    private const long MostWeights = 1 << 26;

    private static readonly HashSet<string> ChannelsFirst =
        ["Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "BatchNormalization", "FusedConv"];

    /// <summary>A tensor that the device is given, its channels as columns where an operator reads them before the positions; null if it has no rows.</summary>
    private View? GivenView(string input)
    {
        var shape = facts.Shape(input);
        if (shape.Length is 3 or 4 && IsReadAsGrid(input, PlainView(new Base { Rows = 1, Columns = 1 }, shape), shape))
        {
            var grid = new Base { Rows = (int)(shape[0] * shape[2..].Aggregate((a, b) => a * b)), Columns = (int)shape[1] };
            return Shown(grid, input, shape, GridStrides(shape));
        }

        return AsRows(input) is { } size ? PlainView(new Base { Name = input, Rows = size.Rows, Columns = size.Columns }, shape) : null;
    }

    /// <summary>An operator reads its channels before its positions: as it is, or after views, however many, that give them back in that order.</summary>
    private bool IsReadAsGrid(string input, View whole, long[] shape)
    {
        var seen = new Stack<(string Tensor, View View)>([(input, whole)]);
        while (seen.TryPop(out var at))
        {
            var view = at.View;
            foreach (var node in facts.Consumers(at.Tensor).Where(c => c < graph.Node.Count).Select(c => graph.Node[c]))
            {
                switch (node)
                {
                    case { OpType: var op } when ChannelsFirst.Contains(op):
                        if (view.Shape.Length >= 3 && view.Shape[1] == shape[1] && view.Strides.AsSpan().SequenceEqual(Layout.Contiguous(view.Shape, view.Strides)))
                        {
                            return true;
                        }

                        break;
                    case { OpType: "Transpose" } when node.Ints("perm") is { } order:
                        seen.Push((node.Output[0], view with { Shape = [.. order.Select(a => view.Shape[a])], Strides = [.. order.Select(a => view.Strides[a])] }));
                        break;
                    case { OpType: "Reshape" } when Layout.Reshape(view, facts.Shape(node.Output[0])) is { } strides:
                        seen.Push((node.Output[0], view with { Shape = facts.Shape(node.Output[0]), Strides = strides }));
                        break;
                }
            }
        }

        return false;
    }

    /// <summary>Strides of [1, channels, …positions] over rows of positions.</summary>
    private static long[] GridStrides(long[] shape)
    {
        var strides = new long[shape.Length];
        var stride = shape[1];
        for (var i = shape.Length - 1; i >= 2; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        (strides[0], strides[1]) = (stride, 1);
        return strides;
    }

    /// <summary>Gives a tensor a name, under which its elements are seen in a shape and order.</summary>
    private static View Shown(Base @base, string name, long[] shape, long[]? strides)
    {
        @base.Name = name;
        var view = strides is null ? PlainView(@base, shape) : new View(@base, shape, strides, 1);
        @base.Order = view.IsPlain ? null : new TensorOrder([.. view.Shape], [.. view.Strides]);
        return view;
    }

    /// <summary>The tensor behind [1, channels, …positions], its rows the positions; null (reported) if it lies otherwise.</summary>
    private (Base Base, double Factor)? MaterializeGrid(string tensor, bool isBatch = false)
    {
        if (_values.GetValueOrDefault(tensor) is Expression && MaterializeWhole(tensor) is null)
        {
            return null;
        }

        if (_values.GetValueOrDefault(tensor) is View view)
        {
            var (shape, wanted) = (view.Shape, view.Shape.Length >= 3 ? GridStrides(view.Shape) : []);
            if (wanted.Length > 0 && (isBatch || shape[0] == 1) && view.Base.Columns == shape[1] && view.Base.Rows * (long)view.Base.Columns == TensorData.Count(shape)
                && Enumerable.Range(0, shape.Length).All(i => shape[i] == 1 || view.Strides[i] == wanted[i]))
            {
                return (view.Base, view.Factor);
            }
        }

        if (_values.GetValueOrDefault(tensor) is not (null or UnknownValue))
        {
            Unsupported($"'{tensor}' has no channels beside each position.", "Give it as [1, channels, height, width], of a batch of 1, from a convolution or the model input.");
        }

        return null;
    }

    private Value LowerConvolution(NodeProto node)
    {
        if (facts.Constant(node.InputAt(1)) is not { Floats: { } weights } constant || constant.Dims.Length is not (3 or 4))
        {
            return Unsupported("Its weights are no float32 constants of one or two spatial axes.", "Use 1-D or 2-D convolutions with constant weights.");
        }

        var bias = node.InputAt(2) is { } name ? facts.Constant(name)?.Floats : [];
        var (groups, n, perGroup) = ((int)node.Int("group", 1), (int)constant.Dims[0], (int)constant.Dims[1]);
        if (bias is null || Geometry(node, [.. constant.Dims[2..]]) is not { } window)
        {
            return Unsupported("Its bias is no constant, or it pads in a way that is not known.", "Use explicit pads.");
        }

        var channels = perGroup * groups;
        if ((long)window.Taps * channels * n > MostWeights)
        {
            return Unsupported($"Its {groups} groups make a matrix of {window.Taps * channels}×{n} that is nearly all zeros.", "Use fewer channels or groups.");
        }

        if (MaterializeGrid(node.Input[0]) is not { } source)
        {
            return new UnknownValue();
        }

        var matrix = new float[window.Taps * channels * n];
        for (var i = 0; i < weights.Length && !constant.IsBlank; i++)
        {
            var (output, channel, tap) = (i / (perGroup * window.Taps), i / window.Taps % perGroup, i % window.Taps);
            var input = fault == ImporterFault.GroupsIgnored ? channel : (output / (n / groups) * perGroup) + channel;
            matrix[(((tap * channels) + input) * n) + output] = (float)(weights[i] * source.Factor);
        }

        return EmitWindows(source.Base, string.Empty, matrix, window, n, bias);
    }

    /// <summary>A windowed product whose result is seen as [1, channels, …positions] under the node's output.</summary>
    private View EmitWindows(Base source, string weightsName, float[] matrix, Window window, int n, float[] bias)
    {
        var isPlain = window is { Taps: 1, StrideHeight: 1, StrideWidth: 1, PadTop: 0, PadLeft: 0 } && window.Outputs == source.Rows;
        var shape = facts.Shape(Output);
        var output = new Base { Rows = window.Outputs, Columns = n };
        var draft = new ProductDraft(source, output, weightsName, matrix, Output) { Window = isPlain ? null : window, Bias = bias };
        output.Producer = draft;
        _drafts.Add(draft);
        return Shown(output, Output, shape, shape.Length < 3 ? null : GridStrides(shape));
    }

    /// <summary>Where an operator's windows lie, or null for a padding that is not known.</summary>
    private Window? Geometry(NodeProto node, long[] kernel)
    {
        var (input, output) = (facts.Shape(node.Input[0]), facts.Shape(Output));
        var axes = kernel.Length;
        if (input.Length != axes + 2 || output.Length != axes + 2 || input[0] != 1 || axes is < 1 or > 2)
        {
            return null;
        }

        var strides = node.Ints("strides") ?? [.. Enumerable.Repeat(1L, axes)];
        var dilations = node.Ints("dilations") is { } given && fault != ImporterFault.DilationLost ? given : [.. Enumerable.Repeat(1L, axes)];
        var pads = node.Ints("pads") ?? new long[2 * axes];
        var auto = node.Text("auto_pad");
        var before = new int[axes];
        for (var i = 0; i < axes; i++)
        {
            var total = Math.Max(0, ((output[i + 2] - 1) * strides[i]) + ((kernel[i] - 1) * dilations[i]) + 1 - input[i + 2]);
            switch (auto)
            {
                case "" or "NOTSET":
                    before[i] = (int)pads[i];
                    break;
                case "VALID":
                    break;
                case "SAME_UPPER":
                    before[i] = (int)(total / 2);
                    break;
                case "SAME_LOWER":
                    before[i] = (int)((total + 1) / 2);
                    break;
                default:
                    return null;
            }
        }

        var (isLine, last) = (axes == 1, axes - 1);
        return new Window(
            isLine ? 1 : (int)input[2],
            (int)input[^1],
            isLine ? 1 : (int)kernel[0],
            (int)kernel[last],
            isLine ? 1 : (int)strides[0],
            (int)strides[last],
            isLine ? 0 : before[0],
            before[last],
            isLine ? 1 : (int)output[2],
            (int)output[^1])
        {
            DilationHeight = isLine ? 1 : (int)dilations[0],
            DilationWidth = (int)dilations[last],
        };
    }

    private Value LowerAveragePool(NodeProto node)
    {
        var shape = facts.Shape(node.Input[0]);
        var isGlobal = node.OpType == "GlobalAveragePool";
        var kernel = isGlobal ? shape[2..] : node.Ints("kernel_shape") ?? [];
        if (shape.Length < 3 || Geometry(isGlobal ? new NodeProto { Input = { node.Input[0] }, Output = { Output } } : node, kernel) is not { } window)
        {
            return Unsupported("It averages over windows that are not known.", "Pool [1, channels, height, width] with explicit pads.");
        }

        var counts = Enumerable.Range(0, window.Outputs).Select(o => Enumerable.Range(0, window.Taps).Count(t => window.Source(o, t) >= 0)).Distinct().ToList();
        var divisor = node.Int("count_include_pad", 0) != 0 && node.Int("ceil_mode", 0) == 0 ? window.Taps : counts is [var count] ? count : 0;
        if (divisor == 0)
        {
            return Unsupported("Its windows at the border count fewer positions than the others.", "Set count_include_pad, or pool without padding.");
        }

        return MaterializeGrid(node.Input[0]) is { } source ? EmitMean(source.Base, window, source.Factor / divisor) : new UnknownValue();
    }

    /// <summary>The mean over all rows: of positions, of a grid or a sequence.</summary>
    private Value LowerMeanOfRows(NodeProto node, long[] axes)
    {
        var input = node.Input[0];
        var shape = facts.Shape(input);
        if (MaterializeWhole(input) is not { } source)
        {
            return new UnknownValue();
        }

        var view = (View)_values[input];
        long[] reduced = [.. axes.Select(a => a < 0 ? a + shape.Length : a).Where(a => shape[a] > 1)];
        long[] kept = [.. Enumerable.Range(0, shape.Length).Select(a => (long)a).Where(a => shape[a] > 1 && !reduced.Contains(a))];
        var isMeanOfRows = kept.All(a => view.Strides[a] < source.Columns) && reduced.All(a => view.Strides[a] >= source.Columns)
            && kept.Aggregate(1L, (n, a) => n * shape[a]) == source.Columns;
        var isInOrder = kept.Zip(kept.Skip(1)).All(p => view.Strides[p.First] > view.Strides[p.Second]);
        if (isMeanOfRows && isInOrder)
        {
            return EmitMean(source, new Window(1, source.Rows, 1, source.Rows, 1, 1, 0, 0, 1, 1), view.Factor / source.Rows);
        }

        return EmitGeneralMean(view, reduced) is { } mean
            ? mean
            : Unsupported("The mean is over other than all positions.", "Take means over positions, or over the last axis within a layer normalization.");
    }

    /// <summary>The mean over any axes, where every output row sees its elements through the same window of rows; else null.</summary>
    private View? EmitGeneralMean(View view, long[] reduced)
    {
        var (rows, columns) = Rearrangement.SizeOf(facts.Shape(Output));
        int[] kept = [.. Enumerable.Range(0, view.Shape.Length).Where(a => !reduced.Contains(a))];
        int[] order = [.. reduced.Select(a => (int)a), .. kept];
        var turned = new View(view.Base, [.. order.Select(a => view.Shape[a])], [.. order.Select(a => view.Strides[a])], 1) { Offset = view.Offset };
        var terms = (int)reduced.Aggregate(1L, (n, a) => n * view.Shape[a]);
        var (step, taps, matrix) = (1, 0, Array.Empty<float>());
        for (var term = 0; term < terms; term++)
        {
            var elements = Enumerable.Range(term * rows * columns, rows * columns).Select(i => (0, turned.ElementAt(i))).ToArray();
            var offset = elements.Min(e => e.Item2) / view.Base.Columns * view.Base.Columns;
            if (new Rearrangement(rows, columns, [.. elements.Select(e => (0, e.Item2 - offset))]).ByWindows(view.Base) is not { } windows || (term > 0 && windows.Step != step))
            {
                return null;
            }

            step = windows.Step;
            taps = Math.Max(taps, ((offset + windows.Window.Max()) / view.Base.Columns) + 1);
            if ((long)taps * view.Base.Columns * columns > MostWeights)
            {
                return null;
            }

            Array.Resize(ref matrix, Math.Max(matrix.Length, taps * view.Base.Columns * columns));
            for (var c = 0; c < columns; c++)
            {
                matrix[((offset + windows.Window[c]) * columns) + c] += (float)(view.Factor / terms);
            }
        }

        var output = new Base { Rows = rows, Columns = columns };
        output.Producer = new ProductDraft(view.Base, output, string.Empty, matrix, Output)
        {
            Window = new Window(1, view.Base.Rows, 1, taps, 1, step, 0, 0, 1, rows),
        };
        _drafts.Add(output.Producer);
        return Shown(output, Output, facts.Shape(Output), null);
    }

    private Value EmitMean(Base source, Window window, double weight)
    {
        var n = source.Columns;
        if ((long)window.Taps * n * n > MostWeights)
        {
            return Unsupported($"A mean of {window.Taps} positions of {n} channels is too large.", "Pool in two steps.");
        }

        var matrix = new float[window.Taps * n * n];
        for (var i = 0; i < window.Taps * n; i++)
        {
            matrix[((long)i * n) + (i % n)] = (float)weight;
        }

        return window.Outputs == 1 && facts.Shape(Output) is var shape && shape.Length < 3
            ? EmitPlainMean(source, matrix, window, shape)
            : EmitWindows(source, string.Empty, matrix, window, n, []);
    }

    private View EmitPlainMean(Base source, float[] matrix, Window window, long[] shape)
    {
        var output = new Base { Rows = 1, Columns = source.Columns };
        output.Producer = new ProductDraft(source, output, string.Empty, matrix, Output) { Window = window };
        _drafts.Add(output.Producer);
        return Shown(output, Output, shape, null);
    }
}
