using Hil.Compression.Ranges;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compression.Quantization;

/// <summary>
/// Which tensors are needed in which width, and in which scale. Int16 tensors that are added in place share a scale (a residual stream, or
/// a segment of one); a layer norm that gives both widths ties the two scales by a power of two.
/// </summary>
internal sealed class ScalePlan
{
    private const double Int8Limit = 127;
    private const double Int16Limit = 32767;

    private readonly HashSet<string> _need8 = [];
    private readonly HashSet<string> _need16 = [];
    private readonly Dictionary<string, string> _parent = [];
    private readonly Dictionary<string, double> _scale8 = [];
    private readonly Dictionary<string, double> _scale16 = [];

    public ScalePlan(Graph graph, TensorRanges ranges, QuantizationOptions options)
    {
        var producers = graph.Layers.ToDictionary(l => l.Output);
        if (GivesInt8Only(producers[graph.Output.Name]))
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

        foreach (var tensor in graph.Tensors.Keys)
        {
            _scale8[tensor] = Positive(ranges[tensor].Magnitude / Int8Limit);
        }

        foreach (var select in graph.Layers.OfType<SelectRows>())
        {
            _scale8[select.Output] = _scale8[select.Input];
        }

        foreach (var group in graph.Tensors.Keys.GroupBy(Root))
        {
            ScaleGroup([.. group], graph, producers, ranges, options);
        }

        var input = ranges[graph.Input.Name].Magnitude * options.InputHeadroom;
        InputScale = Positive(input / QTensor.Wide15Maximum);
    }

    /// <summary>Scale of the 15-bit input.</summary>
    public double InputScale { get; }

    public bool Needs8(string tensor) => _need8.Contains(tensor);

    public bool Needs16(string tensor) => _need16.Contains(tensor);

    public double Scale8(string tensor) => _scale8[tensor];

    public double Scale16(string tensor) => _scale16[tensor];

    /// <summary>A layer whose result leaves the device's arithmetic as int8.</summary>
    public static bool GivesInt8Only(Layer layer) =>
        layer is Attention or Pointwise or Product { Activation: not Activation.None };

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
            case Attention attention:
                _need8.UnionWith(attention.Inputs);
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
        var scale = Positive(options.StreamHeadroom * magnitude / Int16Limit);
        string[] tied = [.. members.Where(m => producers.GetValueOrDefault(m) is Normalize && Needs8(m) && Needs16(m))];
        if (tied.Length > 0)
        {
            // The first int8 range is kept as measured: int16 has a factor of 2 to spare, int8 has not.
            scale = _scale8[tied[0]] / Math.ScaleB(1, (int)Math.Floor(Math.Log2(_scale8[tied[0]] / scale)));
            foreach (var member in tied[1..])
            {
                _scale8[member] = scale * Math.ScaleB(1, (int)Math.Ceiling(Math.Log2(_scale8[member] / scale)));
            }

            foreach (var select in graph.Layers.OfType<SelectRows>().Where(s => tied.Contains(s.Input)))
            {
                _scale8[select.Output] = _scale8[select.Input];
            }
        }

        foreach (var member in members)
        {
            _scale16[member] = scale;
        }
    }

    private string Root(string tensor)
    {
        while (_parent.TryGetValue(tensor, out var parent) && parent != tensor)
        {
            tensor = parent;
        }

        return tensor;
    }
}
