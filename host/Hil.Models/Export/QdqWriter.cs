using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
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
    private readonly HashSet<string> _masks = [];

    public QdqWriter(QuantizedGraph graph, QdqOptions options)
    {
        _graph = graph;
        _build = new GraphBuilder(graph.Name, options.Opset);
        _quantizers = new QdqQuantizers(_build, options.Opset >= QdqOptions.WithInt16);
    }

    public ModelProto Model => _build.Model;

    /// <summary>An input of the model, quantized.</summary>
    public void Begin(QTensor tensor)
    {
        var name = tensor.Source;
        _build.Input(name, Shape(tensor));
        _values.Add(tensor.Name, _quantizers.Quantize(ToRows(name, name, tensor), tensor, isFull: false));
    }

    /// <summary>A mask of keys: float32 [1, keys] under the name of the tensor that it is made of, with the meaning that it has there.</summary>
    public void Begin(QMask mask)
    {
        var (name, source) = (mask.Name, mask.Source);
        if (_masks.Add(source.Tensor))
        {
            _build.Input(source.Tensor, 1, source.Keys);
        }

        _values.Add(name, source.Meaning switch
        {
            MaskMeaning.Additive => _build.Node("Greater", name, [source.Tensor, _build.Number($"{name}:limit", MaskBits.CountsAbove)]),
            MaskMeaning.Keeps => Truth(name, source.Tensor),
            _ => _build.Node("Not", name, [Truth($"{name}:drops", source.Tensor)]),
        });
    }

    /// <summary>A tensor that comes from outside on its own grid.</summary>
    public void Give(QTensor tensor)
    {
        _build.Input(tensor.Name, 1, tensor.Rows, tensor.Columns);
        _values.Add(tensor.Name, tensor.Name);
    }

    /// <summary>A mask that comes from outside as a number a key, 1 where it counts.</summary>
    public void Give(QMask mask)
    {
        _build.Input(mask.Name, 1, mask.Source.Keys);
        _values.Add(mask.Name, Truth($"{mask.Name}:keeps", mask.Name));
    }

    private string Truth(string name, string value) => _build.Node("Cast", name, [value], ("to", (long)TensorData.Bool));

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
                _values.Add(select.Output, Rows(select.Name, _graph.Tensors[select.Output].Source, _values[select.Input], select.First, select.Count));
                break;
            case QSum sum:
                AddSum(sum);
                break;
            case QConstant constant:
                var element = _graph.Tensors[constant.Output];
                _values.Add(constant.Output, _quantizers.Constant(constant.Output, [.. constant.Values], element, 1, element.Rows, element.Columns));
                break;
            case QMaximumPool pool:
                AddPool(pool);
                break;
            case QSoftmax softmax:
                AddSoftmax(softmax);
                break;
            case QGatherRows gather:
                AddGather(gather);
                break;
            case QTranspose transpose:
                _values.Add(transpose.Output, _build.Named(
                    transpose.Name, "Transpose", _graph.Tensors[transpose.Output].Source, [_values[transpose.Input]], ("perm", new long[] { 0, 2, 1 })));
                break;
            case QActivationProduct product:
                AddActivationProduct(product);
                break;
            default:
                throw new HilException(
                    ExitKind.Unsupported, $"{layer.GetType().Name} has no form in ONNX yet.", layer.Name, "Leave this layer to the device.");
        }
    }

    /// <summary>A tensor's values on its grid, under the name by which later layers know it.</summary>
    private void Store(string tensor, string value, bool isFull) =>
        _values.Add(tensor, _quantizers.Quantize(value, _graph.Tensors[tensor], isFull));
}
