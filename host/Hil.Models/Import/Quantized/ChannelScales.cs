using Google.Protobuf;
using System.Runtime.InteropServices;
using Hil.Models.Import.Expansion;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>
/// Activations with a scale a column that linear layers alone read: x[c] ≈ s[c]·(q[c] − z) is s_max·(q[c] − z) times s[c]/s_max. The first is a tensor of one
/// scale, whose column c the layer before gives times s_max/s[c]; the second factor belongs to the rows of the weights that read it. The elements q stay the same.
/// </summary>
internal sealed class ChannelScales
{
    private const string ByChannel = ":by channel";
    private const string OfColumns = ":columns";

    private readonly GraphProto _graph;
    private readonly ConstantTable _constants;
    private readonly KnownTensors _known;
    private readonly HashSet<string> _independent;
    private readonly Dictionary<string, List<NodeProto>> _readers = [];
    private readonly HashSet<string> _outputs;
    private readonly Dictionary<NodeProto, List<NodeProto>> _before = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _names;
    private readonly ImporterFault _fault;

    private ChannelScales(GraphProto graph, ImporterFault fault)
    {
        _fault = fault;
        (_graph, _constants, _known) = (graph, new ConstantTable(graph), new KnownTensors(graph, graph.Node));
        _independent = [.. graph.Initializer.Select(t => t.Name)];
        _outputs = [.. graph.Output.Select(o => o.Name)];
        _names = [.. _independent, .. graph.Input.Select(i => i.Name), .. graph.Node.SelectMany(n => n.Output)];
        foreach (var node in graph.Node)
        {
            foreach (var input in node.Input.Distinct())
            {
                (_readers.TryGetValue(input, out var list) ? list : _readers[input] = []).Add(node);
            }

            if (Operators.IsConstant(node, _independent.Contains))
            {
                _independent.UnionWith(node.Output);
            }
        }
    }

    /// <summary>The model with such tensors of one scale each, and the position in <paramref name="model"/> of each of its nodes; the same model if it has none.</summary>
    public static (ModelProto Model, int[] Origins) Of(ModelProto model, ImporterFault fault = ImporterFault.None)
    {
        int[] same = [.. Enumerable.Range(0, model.Graph.Node.Count)];
        var constants = new ConstantTable(model.Graph);
        if (!model.Graph.Node.Any(n => n.OpType == "QuantizeLinear" && n.Input.Count > 1 && constants.Floats(n.Input[1]) is { Length: > 1 }))
        {
            return (model, same);
        }

        var copy = model.Clone();
        return new ChannelScales(copy.Graph, fault).Run() is { } origins ? (copy, origins) : (model, same);
    }

    /// <summary>The name of the factors if the node multiplies constants, each output column by one.</summary>
    public static string? ColumnFactors(NodeProto node) =>
        node is { OpType: "Mul", Input: [_, var factors] } && node.Name.Contains(ByChannel, StringComparison.Ordinal) && factors.Contains(OfColumns, StringComparison.Ordinal) ? factors : null;

    private int[]? Run()
    {
        NodeProto[] nodes = [.. _graph.Node];
        var changed = 0;
        foreach (var quantize in nodes.Where(n => n.OpType == "QuantizeLinear" && !_independent.Contains(n.Output[0])))
        {
            changed += Pair(quantize) is { } dequantize && Fold(quantize, dequantize) ? 1 : 0;
        }

        if (changed == 0)
        {
            return null;
        }

        _graph.Node.Clear();
        List<int> origins = [];
        for (var i = 0; i < nodes.Length; i++)
        {
            NodeProto[] group = [.. _before.GetValueOrDefault(nodes[i], []), nodes[i]];
            _graph.Node.AddRange(group);
            origins.AddRange(group.Select(_ => i));
        }

        return [.. origins];
    }

    /// <summary>The one DequantizeLinear that reads a quantizer of several scales along the last axis, with the same ones and one zero point.</summary>
    private NodeProto? Pair(NodeProto quantize) =>
        Readers(quantize.Output[0]) is [{ OpType: "DequantizeLinear" } dequantize] && !_outputs.Contains(quantize.Output[0])
            && _constants.Floats(quantize.Input[1]) is { Length: > 1 } scales && scales.All(s => s > 0 && float.IsFinite(s))
            && _constants.AreEqual(quantize.Input[1], dequantize.Input[1]) && _constants.AreEqual(quantize.InputAt(2), dequantize.InputAt(2))
            && (quantize.InputAt(2) is not { } zero || (_constants.Integers(zero) is { Length: > 0 } zeros && zeros.All(z => z == zeros[0])))
            && quantize.Int("axis", 1) == dequantize.Int("axis", 1) && quantize.Int("block_size", 0) == 0 && IsLast(quantize.Int("axis", 1), quantize.Input[0])
            ? dequantize
            : null;

    private bool IsLast(long axis, string tensor) => axis == -1 || (axis >= 0 && axis == _known.Rank(tensor) - 1);

    private bool Fold(NodeProto quantize, NodeProto dequantize)
    {
        var (source, value) = (quantize.Input[0], dequantize.Output[0]);
        var scales = _constants.Floats(quantize.Input[1])!;
        if ((Readers(source).Count != 1 && _fault != ImporterFault.ChannelGiverShared) || _outputs.Contains(source) || _outputs.Contains(value) || !CanScale(source, scales.Length)
            || Readers(value) is not { Count: > 0 } readers || !(readers.TrueForAll(r => IsLinear(r, value)) || _fault == ImporterFault.ChannelReadersUnchecked))
        {
            return false;
        }

        var largest = scales.Max();
        var up = Vector($"{source}{OfColumns}", [.. scales.Select(s => largest / s)], scales.Length);
        ScaleColumns(source, up, [.. scales.Select(s => largest / s)]);
        quantize.Input[0] = Renamed(source);
        foreach (var node in new[] { quantize, dequantize })
        {
            node.Input[1] = Vector($"{node.Output[0]}:scale", [largest]);
            if (node.InputAt(2) is { } zero)
            {
                node.Input[2] = First(zero);
            }

            foreach (var axis in node.Attribute.Where(a => a.Name == "axis").ToArray())
            {
                node.Attribute.Remove(axis);
            }
        }

        foreach (var reader in _fault == ImporterFault.ChannelReadersLost ? [] : readers)
        {
            long[] dims = (reader.OpType == "Gemm" && reader.Int("transB", 0) != 0) != (_fault == ImporterFault.ChannelTransposeIgnored) ? [scales.Length] : [scales.Length, 1];
            reader.Input[1] = Product(reader, reader.Input[1], Vector($"{reader.Output[0]}:rows", [.. scales.Select(s => s / largest)], dims));
        }

        return true;
    }

    /// <summary>A linear layer that reads the tensor as its rows.</summary>
    private bool IsLinear(NodeProto node, string tensor) =>
        node is { Domain: "" or "ai.onnx", Input.Count: > 1 } && node.Input[0] == tensor && _independent.Contains(node.Input[1]) && node.Input.Count(i => i == tensor) == 1
        && (node.OpType == "MatMul" ? _known.Rank(node.Input[1]) >= 2 : node.OpType == "Gemm" && node.Int("transA", 0) == 0);

    /// <summary>What gives the tensor can give each of its columns times a number: a linear layer, or a normalization with weights.</summary>
    private bool CanScale(string tensor, int columns) => _known.Maker(tensor) switch
    {
        { OpType: "MatMul" } node => _independent.Contains(node.Input[1]) && _known.Rank(node.Input[1]) >= 2,
        { OpType: "Gemm" } node => _independent.Contains(node.Input[1]) && (node.InputAt(2) is not { } bias || IsRow(bias, columns)),
        { OpType: "LayerNormalization", Input.Count: > 1, Output.Count: 1 } node => node.Int("axis", -1) == -1 && node.Input.Skip(1).All(i => IsRow(i, columns)),
        { OpType: "Add", Input.Count: 2 } node => Parts(node) is { } parts && IsRow(parts.Row, columns) && Readers(parts.Rows).Count == 1 && !_outputs.Contains(parts.Rows)
            && _known.Maker(parts.Rows) is { OpType: "MatMul" } && CanScale(parts.Rows, columns),
        _ => false,
    };

    private bool IsRow(string tensor, int columns) => _independent.Contains(tensor) && (_known.Stored(tensor) ?? _known.Stored(_known.Maker(tensor)?.InputAt(0)))?.Dims is { } dims
        && dims.Count == 1 && dims[0] == columns;

    private (string Rows, string Row)? Parts(NodeProto sum) => (_independent.Contains(sum.Input[0]), _independent.Contains(sum.Input[1])) switch
    {
        (false, true) => (sum.Input[0], sum.Input[1]),
        (true, false) => (sum.Input[1], sum.Input[0]),
        _ => null,
    };

    private void ScaleColumns(string tensor, string factors, float[] values)
    {
        var node = _known.Maker(tensor)!;
        switch (node.OpType)
        {
            case "Add":
                var parts = Parts(node)!.Value;
                ScaleColumns(parts.Rows, factors, values);
                Replace(node, parts.Rows, Renamed(parts.Rows));
                Replace(node, parts.Row, _fault == ImporterFault.ChannelBiasLost ? parts.Row : Product(node, parts.Row, factors));
                break;
            case "Gemm":
                node.Input[1] = Product(node, node.Input[1], node.Int("transB", 0) != 0 ? Vector($"{tensor}{OfColumns}", values, values.Length, 1) : factors);
                if (node.InputAt(2) is { } bias)
                {
                    node.Input[2] = Product(node, bias, factors);
                }

                break;
            case "MatMul":
                node.Input[1] = Product(node, node.Input[1], factors);
                break;
            default:
                for (var i = 1; i < node.Input.Count; i++)
                {
                    node.Input[i] = Product(node, node.Input[i], factors);
                }

                break;
        }

        // It is another tensor now.
        node.Output[0] = Renamed(tensor);
    }

    private static string Renamed(string tensor) => tensor + ByChannel;

    private static void Replace(NodeProto node, string from, string to) => node.Input[node.Input.IndexOf(from)] = to;

    private string Product(NodeProto reader, string constant, string factors)
    {
        var node = new NodeProto { OpType = "Mul", Name = Fresh(constant + ByChannel), Input = { constant, factors } };
        node.Output.Add(node.Name);
        (_before.TryGetValue(reader, out var list) ? list : _before[reader] = []).Add(node);
        return node.Name;
    }

    private string Vector(string name, float[] values, params long[] dims)
    {
        var tensor = new TensorProto { Name = Fresh(name), DataType = TensorData.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)), Dims = { dims } };
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string First(string zero)
    {
        var tensor = new TensorProto { Name = Fresh($"{zero}:first"), DataType = _constants.Type(zero), Int32Data = { _constants.Integers(zero)![0] } };
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private List<NodeProto> Readers(string tensor) => _readers.GetValueOrDefault(tensor, []);

    private string Fresh(string wanted)
    {
        var name = wanted;
        for (var i = 1; !_names.Add(name); i++)
        {
            name = $"{wanted}.{i}";
        }

        return name;
    }
}
