using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>
/// Takes the quantizers out of a model in the spelling of <see cref="QdqSpelling"/>, so that the float model is left, and keeps what they
/// say. A quantizer is a QuantizeLinear with its DequantizeLinear, an integer Clip between them and a float Clip before them; or
/// Div, Round, Clip, Mul by one constant.
/// </summary>
internal sealed partial class QuantizerRemoval
{
    private readonly ModelProto _model;
    private readonly ConstantTable _constants;
    private readonly List<UnsupportedNode> _problems;
    private readonly ImporterFault _fault;
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, int> _readers = [];
    private readonly HashSet<string> _independent;
    private readonly Dictionary<string, string> _alias = [];
    private readonly Dictionary<string, List<TensorEncoding>> _encodings = [];
    private readonly Dictionary<string, ImmutableArray<double>> _weights = [];
    private readonly List<(string, string)> _notes = [];

    /// <summary>QuantizeLinear that gives the index of a table: no half of a quantizer.</summary>
    private readonly HashSet<NodeProto> _indices = [];

    private QuantizerRemoval(ModelProto model, List<UnsupportedNode> problems, ImporterFault fault)
    {
        (_model, _constants, _problems, _fault) = (model, new ConstantTable(model.Graph), problems, fault);
        _independent = [.. model.Graph.Initializer.Select(t => t.Name)];
        foreach (var node in model.Graph.Node)
        {
            foreach (var output in node.Output)
            {
                _producers[output] = node;
            }

            foreach (var input in node.Input)
            {
                _readers[input] = _readers.GetValueOrDefault(input) + 1;
            }

            if (Operators.IsConstant(node, _independent.Contains))
            {
                _independent.UnionWith(node.Output);
            }
        }

        _indices.UnionWith(model.Graph.Node.Select(Index).OfType<NodeProto>());
        foreach (var output in model.Graph.Output)
        {
            _readers[output.Name] = _readers.GetValueOrDefault(output.Name) + 1;
        }
    }

    /// <summary>The float model, where each of its nodes came from, and the encodings; the same model if it has no quantizers.</summary>
    public static (ModelProto Model, int[] Origins, Encodings Encodings) Of(ModelProto model, List<UnsupportedNode> problems, ImporterFault fault)
    {
        if (!model.Graph.Node.Any(n => n.OpType is "QuantizeLinear" or "DequantizeLinear" or "Round"))
        {
            return (model, [.. Enumerable.Range(0, model.Graph.Node.Count)], Encodings.None);
        }

        return new QuantizerRemoval(model.Clone(), problems, fault).Run();
    }

    private (ModelProto Model, int[] Origins, Encodings Encodings) Run()
    {
        var graph = _model.Graph;
        var (kept, origins) = (new List<NodeProto>(), new List<int>());
        for (var i = 0; i < graph.Node.Count; i++)
        {
            var node = graph.Node[i];
            var isConstant = _independent.Contains(node.Output[0]);
            if (isConstant)
            {
                NoteWeights(node);
            }

            if (isConstant || !IsQuantizer(node, i))
            {
                kept.Add(node);
                origins.Add(i);
            }
        }

        foreach (var node in kept)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = Root(node.Input[i]);
            }
        }

        var read = graph.Output.Select(o => Root(o.Name)).ToHashSet();
        var live = new List<(NodeProto Node, int Origin)>();
        for (var i = kept.Count - 1; i >= 0; i--)
        {
            if (!IsLeftOver(kept[i]) || kept[i].Output.Any(read.Contains))
            {
                read.UnionWith(kept[i].Input);
                live.Insert(0, (kept[i], origins[i]));
            }
        }

        // Where the model quantizes its input and nothing else, a copy is left.
        foreach (var output in graph.Output.Where(o => graph.Input.Any(i => i.Name == Root(o.Name))))
        {
            live.Add((new NodeProto { OpType = "Identity", Name = output.Name, Input = { Root(output.Name) }, Output = { output.Name } }, graph.Node.Count - 1));
            _alias.Remove(output.Name);
        }

        graph.Node.Clear();
        graph.Node.AddRange(live.Select(n => n.Node));
        // Shapes and types are found anew: some were those of integers.
        graph.ValueInfo.Clear();
        foreach (var output in graph.Output.Where(o => Root(o.Name) != o.Name))
        {
            Rename(Root(output.Name), output.Name);
        }

        var encodings = new Encodings(
            _encodings.ToImmutableSortedDictionary(e => e.Key, e => e.Value.ToImmutableArray(), StringComparer.Ordinal),
            _weights.ToImmutableSortedDictionary(StringComparer.Ordinal),
            [.. _notes]);
        return (_model, [.. live.Select(n => n.Origin)], encodings);
    }

    /// <summary>A DequantizeLinear of constants stays, and says on what grid the weights lie.</summary>
    private void NoteWeights(NodeProto node)
    {
        if (node.OpType == "DequantizeLinear" && node.Int("block_size", 0) == 0 && _constants.Floats(node.Input[1]) is { } scales)
        {
            _weights[node.Output[0]] = [.. scales.Select(s => (double)s)];
        }
        else if (EncodingNames.Views.Contains(node.OpType) && _weights.TryGetValue(node.Input[0], out var grid))
        {
            _weights[node.Output[0]] = grid;
        }
        else if (node.OpType == "Mul" && _weights.TryGetValue(node.Input[0], out var stored))
        {
            if (_constants.Floats(ChannelScales.ColumnFactors(node)) is { } factors && (stored.Length == 1 || stored.Length == factors.Length))
            {
                _weights[node.Output[0]] = [.. factors.Select((f, i) => f * stored[stored.Length == 1 ? 0 : i])];
                return;
            }

            _notes.Add((node.Output[0], "its weights take in the scales of an activation's channels; they are quantized again, one scale a column."));
        }
        else if (node.OpType == "DequantizeLinear")
        {
            _notes.Add((node.Output[0], "its weights have scales by blocks; they are quantized again, one scale a column."));
        }
    }

    private bool IsQuantizer(NodeProto node, int position)
    {
        switch (node.OpType)
        {
            case "QuantizeLinear":
                return !_indices.Contains(node);
            case "Clip" when Quantizer(node.Input[0]) is not null:
                return true;
            case "DequantizeLinear":
                if (Entry(node) is { } entry)
                {
                    _encodings.Add(node.Output[0], [entry]);
                    return false;
                }

                if (Pair(node) is { } pair)
                {
                    Record(node.Output[0], pair.Source, pair.Encoding);
                    return true;
                }

                _problems.Add(QuantizedAdvice.OfDequantizer(node, Quantizer(node.Input[0]) ?? node, position, _constants.Floats(node.Input[1])?.Length ?? 0));
                return true;
            case "Mul" when Portable(node) is { } found:
                Record(node.Output[0], found.Source, found.Encoding);
                return true;
            default:
                return false;
        }
    }

    private void Record(string output, string source, TensorEncoding encoding)
    {
        var root = Root(source);
        if (_producers.GetValueOrDefault(root) is { OpType: "Clip" } clip && _readers[root] == 1 && Limits(clip, encoding) is { } limited)
        {
            (root, encoding) = (Root(clip.Input[0]), limited);
            clip.OpType = "Identity";
            while (clip.Input.Count > 1)
            {
                clip.Input.RemoveAt(1);
            }
        }

        _alias[output] = root;
        if (!_encodings.TryGetValue(root, out var list))
        {
            _encodings.Add(root, list = []);
        }

        // Beside an encoding with a zero point there may be one without: what reads no zero points is given a copy.
        if (list.Find(e => e.IsNarrow == encoding.IsNarrow && (e.ZeroPoint == 0 || encoding.ZeroPoint != 0)) is not { } known)
        {
            list.Add(encoding);
        }
        else if (known != encoding)
        {
            _notes.Add((root, $"it is quantized twice, with scales {known.Scale} and {encoding.Scale}; the first is kept."));
        }
    }

    /// <summary>A part of a quantizer that nobody reads any more.</summary>
    private static bool IsLeftOver(NodeProto node) => node.OpType is "Div" or "Round" or "Clip" or "Identity" or "QuantizeLinear";

    private string Root(string tensor)
    {
        while (_alias.TryGetValue(tensor, out var other))
        {
            tensor = other;
        }

        return tensor;
    }

    private void Rename(string from, string to)
    {
        foreach (var node in _model.Graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = node.Input[i] == from ? to : node.Input[i];
            }

            for (var i = 0; i < node.Output.Count; i++)
            {
                node.Output[i] = node.Output[i] == from ? to : node.Output[i];
            }
        }

        if (_encodings.Remove(from, out var encodings))
        {
            _encodings[to] = encodings;
        }
    }
}
