using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Models.Export;

/// <summary>Functions of elements and of rows, and what only brings elements to other places.</summary>
internal sealed partial class QdqWriter
{
    /// <summary>x̂ of a layer norm has 11 bits after the point (docs/numerics.md §6).</summary>
    private const int NormalizedFraction = 11;

    /// <summary>Keeps a row without variance from being 0/0; far below one unit of E.</summary>
    private const double SmallestEpsilon = 1e-30;

    private void AddMap(QMap map)
    {
        var (input, output) = (_graph.Tensors[map.Input], _graph.Tensors[map.Output]);
        if (!map.Table.IsEmpty)
        {
            AddTable(map.Name, map.Meaning is null ? Index(map, input, output) : _values[map.Input], output, map.Meaning, map.Table.AsSpan());
        }
        else if (input.Source == output.Source && input.Scale == output.Scale && input.Type == output.Type)
        {
            _values.Add(map.Output, _values[map.Input]);
        }
        else
        {
            Store(map.Output, _values[map.Input], isFull: false);
        }
    }

    /// <summary>The index of a table whose function nobody named, in steps of the output, with the map's own multiplier.</summary>
    private string Index(QMap map, QTensor input, QTensor output)
    {
        var step = Math.ScaleB(map.Multiplier, -map.Shift) * output.Scale;
        var scaled = Times($"{map.Output}:scaled", _values[map.Input], step / input.Scale);
        return _build.Node("Add", $"{map.Output}:sum", [scaled, _build.Number($"{map.Output}:offset", (float)((map.Bias + input.ZeroPoint) * step))]);
    }

    /// <summary>
    /// A table: the function that it stands for, or, where nobody named it, the table itself. Gather counts a negative index from the end, which is where
    /// its entry lies.
    /// </summary>
    private void AddTable(string name, string value, QTensor output, TableMeaning? meaning, ReadOnlySpan<sbyte> table)
    {
        var place = $"{output.Name}:index";
        if (meaning is not null)
        {
            Store(output.Name, Activate(name, meaning.Activation, _quantizers.QuantizeIndex(value, place, meaning), output.Source), isFull: true);
            return;
        }

        var index = _build.Node("Cast", $"{place}:int32", [_quantizers.Index(value, place, output.Scale)], ("to", (long)Onnx.TensorData.Int32));
        var entry = _build.Named(name, "Gather", output.Name, [_build.Bytes($"{output.Name}:table", table.ToArray(), table.Length), index], ("axis", 0));
        _values.Add(output.Name, _quantizers.Values(entry, output));
    }

    private void AddNormalize(QNormalize layer)
    {
        var input = _graph.Tensors[layer.Input];
        var (output, shift) = layer.Output8 is { } narrow ? (_graph.Tensors[narrow], layer.Shift8) : (_graph.Tensors[layer.Output16!], layer.Shift16);
        var n = input.Columns;
        float[] gains = [.. layer.Gain.Select(g => (float)(Math.ScaleB(g, NormalizedFraction - shift) * output.Scale))];
        float[] biases = [.. layer.Bias.Select(b => (float)(Math.ScaleB(b, -shift) * output.Scale))];
        var epsilon = (float)Math.Max(layer.Epsilon * input.Scale * input.Scale / ((double)n * n), SmallestEpsilon);
        var (x, gamma, beta) = (_values[layer.Input], _build.Floats($"{layer.Name}:gamma", gains, n), _build.Floats($"{layer.Name}:beta", biases, n));
        var value = layer.Rms
            ? _build.Named(layer.Name, "Add", output.Source, [_build.Node("Mul", $"{layer.Name}:scaled", [RootMeanSquare(layer.Name, x, epsilon), gamma]), beta])
            : _build.Named(layer.Name, "LayerNormalization", output.Source, [x, gamma, beta], ("axis", -1), ("epsilon", epsilon));
        foreach (var given in layer.Outputs)
        {
            Store(given, value, isFull: false);
        }
    }

    /// <summary>x over its root mean square, spelt out: the operator is of set 23.</summary>
    private string RootMeanSquare(string name, string x, float epsilon)
    {
        var square = _build.Node("Mul", $"{name}:square", [x, x]);
        var mean = _build.Mean($"{name}:mean", square, -1);
        var root = _build.Node("Sqrt", $"{name}:root", [_build.Node("Add", $"{name}:variance", [mean, _build.Number($"{name}:epsilon", epsilon)])]);
        return _build.Node("Div", $"{name}:standard", [x, root]);
    }

    private void AddSum(QSum sum)
    {
        var output = _graph.Tensors[sum.Output];
        string Part(string name, string tensor, short multiplier) => Times(
            $"{sum.Output}:{name}", _values[tensor], Math.ScaleB(multiplier, -sum.Shift) * output.Scale / _graph.Tensors[tensor].Scale);
        string[] parts = [Part("left", sum.Left, sum.LeftMultiplier), Part("right", sum.Right, sum.RightMultiplier)];
        Store(sum.Output, _build.Named(sum.Name, "Add", output.Source, parts), isFull: false);
    }

    private void AddSoftmax(QSoftmax softmax)
    {
        var (input, output) = (_graph.Tensors[softmax.Input], _graph.Tensors[softmax.Output]);
        var factor = Math.ScaleB(softmax.ScoreMultiplier, -softmax.ScoreShift) / (ScoreStepsPerNat * input.Scale);
        var scores = Times($"{softmax.Output}:scores", _values[softmax.Input], factor);
        Store(softmax.Output, _build.Named(softmax.Name, "Softmax", output.Source, [scores], ("axis", -1)), isFull: false);
    }

    private void AddGather(QGatherRows gather)
    {
        var output = _graph.Tensors[gather.Output];
        var isOne = gather.Runs.Length == 1;
        string[] runs = [.. gather.Runs.Select((run, i) =>
        {
            var name = $"{gather.Output}:{i}";
            var rows = Rows(isOne ? gather.Name : name, isOne ? output.Source : name, _values[run.Input], run.First, run.Count, run.Step);
            return IsCopy(run, output) ? rows
                : Times($"{name}:scaled", rows, Math.ScaleB(run.Multiplier, -run.Shift) * output.Scale / _graph.Tensors[run.Input].Scale);
        })];
        var value = isOne ? runs[0] : _build.Named(gather.Name, "Concat", output.Source, runs, ("axis", 1));
        if (gather.Runs.All(r => IsCopy(r, output)))
        {
            _values.Add(gather.Output, value);
        }
        else
        {
            Store(gather.Output, value, isFull: false);
        }
    }

    /// <summary>Elements of one scale, multiplied by exactly 1.</summary>
    private bool IsCopy(QRowRun run, QTensor output) => QdqExport.IsCopy(run, _graph.Tensors[run.Input], output);

    private string Rows(string name, string output, string value, int first, int count, int step = 1) => _build.Named(
        name,
        "Slice",
        output,
        [
            value,
            _build.Longs($"{name}:starts", first),
            _build.Longs($"{name}:ends", first + ((count - 1) * step) + 1),
            _build.Longs($"{name}:axes", 1),
            .. step == 1 ? Array.Empty<string>() : [_build.Longs($"{name}:steps", step)],
        ]);

    private string Times(string name, string value, double factor) => _build.Node("Mul", name, [value, _build.Number($"{name}:factor", (float)factor)]);

    /// <summary>An activation function in operators of every set from 13 on; the last node has the layer's name.</summary>
    private string Activate(string name, Activation activation, string x, string output)
    {
        string Inner(string op, params string[] inputs) => _build.Node(op, $"{output}:{op}", inputs);
        string Number(double value) => _build.Number($"{output}:number", (float)value);
        string Gated(string gate) => _build.Named(name, "Mul", output, [x, Inner("Sigmoid", gate)]);
        string Gelu(string gate) => _build.Named(name, "Mul", output, [Inner("Mul", x, Inner("Add", gate, Number(1))), Number(0.5)]);
        return activation switch
        {
            Activation.None => _build.Named(name, "Identity", output, [x]),
            Activation.Relu => _build.Named(name, "Relu", output, [x]),
            Activation.Tanh => _build.Named(name, "Tanh", output, [x]),
            Activation.Sigmoid => _build.Named(name, "Sigmoid", output, [x]),
            Activation.Gelu => Gelu(Inner("Erf", Inner("Div", x, Number(Math.Sqrt(2))))),
            Activation.GeluTanh => Gelu(Inner(
                "Tanh",
                Inner("Mul", Inner("Add", x, Inner("Mul", Inner("Mul", x, Inner("Mul", x, x)), Number(0.044715))), Number(Math.Sqrt(2 / Math.PI))))),
            Activation.Silu => Gated(x),
            Activation.QuickGelu => Gated(Inner("Mul", x, Number(1.702))),
            _ => throw new HilException(
                ExitKind.Unsupported, $"the function {activation} has no form in ONNX yet.", name, "Leave this layer to the device."),
        };
    }
}
