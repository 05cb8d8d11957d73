using Hil.Contract.Machines;
using Hil.Models.Graphs;

namespace Hil.Jobs.Inspecting;

/// <summary>Cycles of one layer, and the unit that bounds it.</summary>
public sealed record LayerCost(string Name, string Kind, double Cycles, string Bound);

/// <summary>
/// A lower estimate of what a model costs on a machine, from shapes alone: the longest of what array, vector unit and memory port need for
/// each layer, as if nothing waited for anything else. Without schedule, and without a program.
/// </summary>
/// <param name="WeightBytes">Tile records and bias of all products, in main memory.</param>
/// <param name="ActivationBytes">The most that any layer needs at once: its inputs and its output, in the scratchpad.</param>
/// <param name="ActivationLayer">That layer.</param>
public sealed record ShapeEstimate(IReadOnlyList<LayerCost> Layers, long WeightBytes, long ActivationBytes, string ActivationLayer)
{
    private const int BiasAndScaleBytes = 8;

    private const int RoundingsOfLayerNorm = 3;

    /// <summary>Three sums, two tables, two copies.</summary>
    private const int PassesOfAGate = 7;

    public double Cycles => Layers.Sum(l => l.Cycles);

    public static ShapeEstimate Of(Graph graph, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(machine);
        LayerCost[] layers = [.. graph.Layers.Select(l => Cost(l, graph, machine))];
        (long Bytes, string Name) most = graph.Layers.Select(l => (Needs(l, graph), l.Name)).DefaultIfEmpty((0, "")).MaxBy(n => n.Item1);
        return new ShapeEstimate(layers, graph.Layers.OfType<Product>().Sum(p => Bytes(p, machine)), most.Bytes, most.Name);
    }

    private static LayerCost Cost(Layer layer, Graph graph, Machine m)
    {
        Tensor output = graph.Tensors[layer.Output];
        double groups = (double)output.Count / m.Lanes;
        double vector = groups * Rounding(m, 1);
        return layer switch
        {
            Product p => Longest(p, "product",
                (double)(p.Window?.Outputs ?? graph.Tensors[p.Input].Rows) * Tiles(p.K, p.N, m), vector, LoadCycles(Bytes(p, m), m)),
            Attention a => Attention(a, graph.Tensors[a.Query].Rows, graph.Tensors[a.Key].Rows / a.Windows, m),
            ActivationProduct p => ActivationProduct(p, graph, m, vector),
            ElementProduct => new LayerCost(layer.Name, "elementProduct", PassesOfAGate * vector, "vector"),
            Normalize => new LayerCost(layer.Name, "layerNorm", (groups * (FirstPass(m) + Rounding(m, RoundingsOfLayerNorm))) + ((double)output.Rows * m.Vector.NormCycles), "vector"),
            _ => new LayerCost(layer.Name, char.ToLowerInvariant(layer.GetType().Name[0]) + layer.GetType().Name[1..], vector, "vector"),
        };
    }

    private static LayerCost Attention(Attention a, int rows, int keys, Machine m)
    {
        double array = (double)a.Heads * rows * (Tiles(a.HeadSize, keys, m) + Tiles(keys, a.HeadSize, m));
        double groups = (double)keys / m.Lanes;
        double softmax = (groups * (FirstPass(m) + Rounding(m, 1))) + m.Vector.DivideCycles;
        double vector = (double)a.Heads * rows * (softmax + ((groups + ((double)a.HeadSize / m.Lanes)) * Rounding(m, 1)));
        return Longest(a, "attention", array, vector, 0);
    }

    private static LayerCost ActivationProduct(ActivationProduct p, Graph graph, Machine m, double vector)
    {
        (Tensor left, Tensor output) = (graph.Tensors[p.Left], graph.Tensors[p.Output]);
        int k = left.Columns / (p.IsLeftBeside ? p.Batches : 1);
        int n = output.Columns / (p.IsOutputBeside ? p.Batches : 1);
        return Longest(p, "activationProduct", (double)left.Count / k * Tiles(k, n, m), vector, 0);
    }

    // Cycles of a lane group in a pass that looks for the maximum or adds up, and in one of so many roundings (timing, section 6).
    private static double FirstPass(Machine m) => Math.Max(1, m.Vector.StatisticsCycles);

    private static double Rounding(Machine m, int roundings) => Math.Max(1, roundings * m.Vector.RoundCycles);

    private static LayerCost Longest(Layer layer, string kind, double array, double vector, double load)
    {
        double most = Math.Max(array, Math.Max(vector, load));
        return new LayerCost(layer.Name, kind, most, most == array ? "compute" : most == load ? "load" : "vector");
    }

    private static double Tiles(int k, int n, Machine m) => (double)((k + m.Rows - 1) / m.Rows) * ((n + m.Columns - 1) / m.Columns);

    private static long Bytes(Product p, Machine m) => (long)(Tiles(p.K, p.N, m) * m.TileRecordBytes) + ((long)p.N * BiasAndScaleBytes);

    private static double LoadCycles(long bytes, Machine m)
    {
        MemoryRegion region = m.Regions[0];
        long bursts = (bytes + region.MaxBurstBytes - 1) / region.MaxBurstBytes;
        return bursts * (double)region.BurstCycles(region.Base, Math.Min(bytes, region.MaxBurstBytes), write: false);
    }

    /// <summary>Bytes of int8 activations; a residual stream is int16.</summary>
    private static long Needs(Layer layer, Graph graph)
    {
        long inputs = layer.Inputs.Distinct().Sum(t => (long)graph.Tensors[t].Count * (layer is Product p && t == p.Residual ? sizeof(short) : 1));
        return inputs + ((long)graph.Tensors[layer.Output].Count * (layer is Product { Residual: not null } ? sizeof(short) : 1));
    }
}
