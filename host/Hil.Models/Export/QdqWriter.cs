using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Onnx.Format;
using Hil.Models.Quantized;

namespace Hil.Models.Export;

/// <summary>Writes the layers of a quantized graph, in order, as float operators between quantizers.</summary>
internal sealed partial class QdqWriter
{
    private readonly QuantizedGraph _graph;
    private readonly GraphBuilder _build;
    private readonly QdqQuantizers _quantizers;
    private readonly Dictionary<string, string> _values = [];

    public QdqWriter(QuantizedGraph graph, QdqOptions options)
    {
        _graph = graph;
        _build = new GraphBuilder(graph.Name, options.Opset);
        _quantizers = new QdqQuantizers(_build, options.Opset >= QdqOptions.WithInt16);
    }

    public ModelProto Model => _build.Model;

    /// <summary>The model input, quantized.</summary>
    public void Begin(string name, QTensor tensor)
    {
        _build.Input(name, Shape(tensor));
        _values.Add(tensor.Name, _quantizers.Quantize(ToRows(name, name, tensor), tensor, isFull: false));
    }

    /// <summary>A tensor that comes from outside on its own grid.</summary>
    public void Give(QTensor tensor)
    {
        _build.Input(tensor.Name, 1, tensor.Rows, tensor.Columns);
        _values.Add(tensor.Name, tensor.Name);
    }

    /// <summary>Gives a tensor as the model's output, under a name and in the order of its values.</summary>
    public void End(string name, QTensor tensor) => End(name, FromRows(_values[tensor.Name], name, tensor), Shape(tensor));

    /// <summary>Gives a tensor of rows and columns as an output.</summary>
    public void EndRows(string name, QTensor tensor) => End(name, _values[tensor.Name], [1, tensor.Rows, tensor.Columns]);

    private void End(string name, string value, long[] shape)
    {
        if (value != name && _build.Fresh(name) == name)
        {
            _build.Node("Identity", $"{name}:given", [value]);
            _build.Rename($"{name}:given", name);
        }
        else if (value != name)
        {
            // The float tensor before the last quantizer has the model's own name for the output: the quantized one takes it over.
            _build.Rename(name, _build.Fresh($"{name}:exact"));
            _build.Rename(value, name);
        }

        _build.Output(name, shape);
    }

    public void Add(QLayer layer)
    {
        switch (layer)
        {
            case QProduct product:
                AddProduct(product);
                break;
            case QAttention attention:
                AddAttention(attention);
                break;
            case QNormalize normalize:
                AddNormalize(normalize);
                break;
            case QMap map:
                AddMap(map);
                break;
            case QSelectRows select:
                var selected = _build.Named(
                    select.Name,
                    "Slice",
                    _graph.Tensors[select.Output].Source,
                    [
                        _values[select.Input],
                        _build.Longs($"{select.Name}:starts", select.First),
                        _build.Longs($"{select.Name}:ends", select.First + select.Count),
                        _build.Longs($"{select.Name}:axes", 1),
                    ]);
                _values.Add(select.Output, selected);
                break;
            default:
                throw new HilException(
                    ExitKind.Unsupported, $"{layer.GetType().Name} has no form in ONNX yet.", layer.Name, "Leave this layer to the device.");
        }
    }

    /// <summary>A tensor's values on its grid, under the name by which later layers know it.</summary>
    private void Store(string tensor, string value, bool isFull) =>
        _values.Add(tensor, _quantizers.Quantize(value, _graph.Tensors[tensor], isFull));

    private void AddMap(QMap map)
    {
        var (input, output) = (_graph.Tensors[map.Input], _graph.Tensors[map.Output]);
        if (map.Meaning is { } meaning)
        {
            var index = _quantizers.QuantizeIndex(_values[map.Input], $"{map.Output}:index", meaning);
            Store(map.Output, Activate(map.Name, meaning.Activation, index, output.Source), isFull: true);
        }
        else if (!map.Table.IsEmpty)
        {
            throw Meaningless(map);
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

    private void AddNormalize(QNormalize layer)
    {
        var input = _graph.Tensors[layer.Input];
        var (output, shift) = layer.Output8 is { } narrow ? (_graph.Tensors[narrow], layer.Shift8) : (_graph.Tensors[layer.Output16!], layer.Shift16);
        var n = input.Columns;
        float[] gamma = [.. layer.Gain.Select(g => (float)(Math.ScaleB(g, NormalizedFraction - shift) * output.Scale))];
        float[] beta = [.. layer.Bias.Select(b => (float)(Math.ScaleB(b, -shift) * output.Scale))];
        var epsilon = (float)Math.Max(layer.Epsilon * input.Scale * input.Scale / ((double)n * n), SmallestEpsilon);
        var value = _build.Named(
            layer.Name,
            "LayerNormalization",
            output.Source,
            [_values[layer.Input], _build.Floats($"{layer.Name}:gamma", gamma, n), _build.Floats($"{layer.Name}:beta", beta, n)],
            ("axis", -1),
            ("epsilon", epsilon));
        foreach (var given in layer.Outputs)
        {
            Store(given, value, isFull: false);
        }
    }

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

    private static HilException Meaningless(QLayer layer) => new(
        ExitKind.Unsupported, "its table does not say which function it stands for.", layer.Name, "Quantize the model again with `hil quantize`.");
}
