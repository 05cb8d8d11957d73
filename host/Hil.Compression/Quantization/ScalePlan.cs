using Hil.Compression.Ranges;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compression.Quantization;

/// <summary>
/// Which tensors are needed in which width, and in which scale. Int16 tensors that are added in place share a scale (a residual stream, or
/// a segment of one); a layer norm that gives both widths ties the two scales by a power of two. Scales that the model itself says come
/// before measured ranges.
/// </summary>
internal sealed class ScalePlan
{
    private const double Int8Limit = 127;
    private const double Int16Limit = 32767;

    private readonly HashSet<string> _need8 = [];
    private readonly HashSet<string> _need16 = [];
    private readonly Dictionary<string, string> _parent = [];
    private readonly Dictionary<string, double> _scale8 = [];
    private readonly Dictionary<string, TensorEncoding> _encoded8 = [];
    private readonly HashSet<string> _split = [];
    private readonly List<(string Tensor, string What)> _notes = [];
    private readonly Dictionary<string, double> _scale16 = [];
    private readonly Dictionary<string, double> _inputScales;

    public ScalePlan(Graph graph, TensorRanges ranges, QuantizationOptions options)
    {
        var producers = graph.Layers.ToDictionary(l => l.Output);
        OutputIsNarrow = GivesInt8Only(producers[graph.Output.Name])
            || (graph.Encodings.Narrow(graph.Output.Name) is not null && graph.Encodings.Wide(graph.Output.Name) is null);
        if (OutputIsNarrow)
        {
            _need8.Add(graph.Output.Name);
        }
        else
        {
            _need16.Add(graph.Output.Name);
        }

        foreach (var layer in graph.Layers.Reverse())
        {
            AddNeeds(layer);
        }

        var symmetric = Symmetric(graph);
        foreach (var tensor in graph.Tensors.Keys)
        {
            _scale8[tensor] = Positive(ranges[tensor].Magnitude / Int8Limit);
            if (graph.Encodings.Narrow(tensor) is not { } encoding)
            {
                continue;
            }

            if (encoding.ZeroPoint == 0 || !symmetric.Contains(tensor))
            {
                (_scale8[tensor], _encoded8[tensor]) = (encoding.Scale, encoding);
            }
            else if (graph.Encodings.Centred(tensor) is { } centred)
            {
                // The scale of the copy; what a table gives keeps its own.
                _scale8[tensor] = centred.Scale;
                if (producers.GetValueOrDefault(tensor) is Pointwise or Product { Activation: not Activation.None })
                {
                    _encoded8[tensor] = encoding;
                }
            }
            else if (_need8.Contains(tensor))
            {
                _notes.Add((tensor, "an attention or a product of two activations reads or gives it, which has no zero point: its range is kept, its scale and zero point are not."));
            }
        }

        // What tables give is centred at once, where nobody reads it with a zero point.
        foreach (var table in graph.Layers.Where(l => l is Pointwise or Product { Activation: not Activation.None } && !_encoded8.ContainsKey(l.Output) && IsReadCentred(graph, l.Output)))
        {
            _encoded8[table.Output] = new(_scale8[table.Output], 0, -(int)Int8Limit, (int)Int8Limit);
        }

        foreach (var select in graph.Layers.OfType<SelectRows>())
        {
            Follow(select);
        }

        foreach (var group in graph.Tensors.Keys.GroupBy(Root))
        {
            ScaleGroup([.. group], graph, producers, ranges, options);
        }

        _inputScales = graph.Inputs.ToDictionary(
            i => i.Name,
            i => graph.Encodings.Any(i.Name) is { } given ? WideScale(given) : Positive(ranges[i.Name].Magnitude * options.InputHeadroom / QTensor.Wide15Maximum));
    }

    /// <summary>Scale of a 15-bit input.</summary>
    public double InputScale(string input) => _inputScales[input];

    /// <summary>The model's output is int8: its layer gives nothing else, or the model says so.</summary>
    public bool OutputIsNarrow { get; }

    public bool Needs8(string tensor) => _need8.Contains(tensor);

    public bool Needs16(string tensor) => _need16.Contains(tensor);

    public double Scale8(string tensor) => _scale8[tensor];

    public double Scale16(string tensor) => _scale16[tensor];

    /// <summary>How the model itself stores a tensor in int8, where that is kept; else null.</summary>
    public TensorEncoding? Encoded8(string tensor) => _encoded8.GetValueOrDefault(tensor);

    /// <summary>A layer norm whose int8 output cannot share its multipliers: it comes from the int16 one.</summary>
    public bool IsSplit(string tensor) => _split.Contains(tensor);

    /// <summary>What the model says and cannot be kept.</summary>
    public IReadOnlyList<(string Tensor, string What)> Notes => _notes;

    /// <summary>A layer whose result leaves the device's arithmetic as int8.</summary>
    public static bool GivesInt8Only(Layer layer) =>
        layer is Attention or Pointwise or MaximumPool or TransposeRows or Product { Activation: not Activation.None } or ActivationProduct { IsOutputBeside: true, Batches: > 1 };

    /// <summary>Tensors that the device knows without zero point only: what attention and products of two activations read and give.</summary>
    private static HashSet<string> Symmetric(Graph graph)
    {
        var result = graph.Layers.Where(l => l is Attention or ActivationProduct).SelectMany(l => l.Inputs.Append(l.Output)).ToHashSet();
        foreach (var select in graph.Layers.OfType<SelectRows>().Reverse().Where(s => result.Contains(s.Output)))
        {
            result.Add(select.Input);
        }

        return result;
    }

    /// <summary>All that reads a tensor, or some of it as it is, is a product of two activations: none has a zero point.</summary>
    private static bool IsReadCentred(Graph graph, string tensor)
    {
        Layer[] readers = [.. graph.Layers.Where(l => l.Inputs.Contains(tensor))];
        return readers.Length > 0 && tensor != graph.Output.Name
            && Array.TrueForAll(readers, r => r is ActivationProduct || (r is TransposeRows or SelectRows or MaximumPool && IsReadCentred(graph, r.Output)));
    }

    /// <summary>The scale of a wide input that holds every element of an encoding; the encoding's own, or that times a power of two.</summary>
    private static double WideScale(TensorEncoding encoding)
    {
        var (scale, largest) = (encoding.Scale, Math.Max(Math.Abs(encoding.Low), Math.Abs(encoding.High)));
        while (largest > scale * (QTensor.Wide15Maximum + 0.5))
        {
            scale *= 2;
        }

        return scale;
    }

    private void Follow(SelectRows select)
    {
        _scale8[select.Output] = _scale8[select.Input];
        _encoded8.Remove(select.Output);
        if (_encoded8.TryGetValue(select.Input, out var encoding))
        {
            _encoded8[select.Output] = encoding;
        }
    }

    private static double Positive(double scale) => scale > 0 ? FixedPoint.Scale(scale) : 1;

    private void AddNeeds(Layer layer)
    {
        switch (layer)
        {
            case Product product:
                _need8.Add(product.Input);
                if (product.Residual is { } residual)
                {
                    _need16.Add(residual);
                    _parent[Root(product.Output)] = Root(residual);
                }

                break;
            case Attention or ActivationProduct or MaximumPool or TransposeRows:
                _need8.UnionWith(layer.Inputs);
                break;
            case SelectRows select:
                if (Needs8(select.Output))
                {
                    _need8.Add(select.Input);
                }

                if (Needs16(select.Output))
                {
                    _need16.Add(select.Input);
                }

                _parent[Root(select.Output)] = Root(select.Input);
                break;
            default:
                _need16.UnionWith(layer.Inputs);
                break;
        }
    }

    private void ScaleGroup(
        string[] members, Graph graph, Dictionary<string, Layer> producers, TensorRanges ranges, QuantizationOptions options)
    {
        var magnitude = members.Max(m => ranges[m].Magnitude);
        var finest = graph.Layers.OfType<Normalize>().Where(n => members.Contains(n.Input)).Select(n => FinestScale(n, graph.Tensors[n.Input].Columns)).DefaultIfEmpty(0).Max();
        var scale = Positive(Math.Max(options.StreamHeadroom * magnitude / Int16Limit, finest));
        string[] tied = [.. members.Where(m => producers.GetValueOrDefault(m) is Normalize && Needs8(m) && Needs16(m))];
        var given = members.Select(graph.Encodings.Wide).FirstOrDefault(e => e is { ZeroPoint: 0, Maximum: short.MaxValue } && e.Scale >= finest)?.Scale;
        if (given is { } kept)
        {
            scale = kept;
        }
        else if (tied.Length > 0)
        {
            // The first int8 range is kept as measured: int16 has a factor of 2 to spare, int8 has not.
            scale = _scale8[tied[0]] / Math.ScaleB(1, (int)Math.Floor(Math.Log2(_scale8[tied[0]] / scale)));
        }

        foreach (var member in tied)
        {
            if (Encoded8(member) is null)
            {
                _scale8[member] = scale * Math.ScaleB(1, (int)Math.Ceiling(Math.Log2(_scale8[member] / scale)));
            }
            else if (Encoded8(member)!.ZeroPoint != 0 || !double.IsPow2(_scale8[member] / scale))
            {
                _split.Add(member);
            }
        }

        foreach (var select in graph.Layers.OfType<SelectRows>().Where(s => tied.Contains(s.Input)))
        {
            Follow(select);
        }

        foreach (var member in members)
        {
            _scale16[member] = scale;
        }
    }

    /// <summary>The input scale at which a layer norm's epsilon, in steps of N²·variance, is the largest that its 32 bits hold.</summary>
    private static double FinestScale(Normalize norm, int columns) => columns * Math.Sqrt(norm.Epsilon / uint.MaxValue);

    private string Root(string tensor)
    {
        while (_parent.TryGetValue(tensor, out var parent) && parent != tensor)
        {
            tensor = parent;
        }

        return tensor;
    }
}
