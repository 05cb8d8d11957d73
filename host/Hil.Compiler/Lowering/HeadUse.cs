using Hil.Compiler.Plans;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>A tensor that a layer reads by heads: columns beside each other, each head in a region of its own.</summary>
/// <param name="Tensor">Int8.</param>
/// <param name="Role">Of the heads' regions.</param>
/// <param name="Heads">1 or more.</param>
/// <param name="Size">Columns of a head.</param>
internal sealed record HeadUse(string Tensor, RegionRole Role, int Heads, int Size)
{
    /// <summary>The tensors that a layer reads by heads.</summary>
    public static IEnumerable<HeadUse> Of(QuantizedGraph graph, QLayer layer)
    {
        switch (layer)
        {
            case QAttention a:
                yield return new(a.Query, RegionRole.Query, a.Heads, a.HeadSize);
                yield return new(a.Key, RegionRole.Key, a.Heads, a.HeadSize);
                yield return new(a.Value, RegionRole.Value, a.Heads, a.ValueSize);
                break;
            case QActivationProduct { Batches: > 1 } p:
                if (p.IsLeftBeside) yield return new(p.Left, RegionRole.Query, p.Batches, graph.Tensors[p.Left].Columns / p.Batches);
                if (p.IsRightBeside) yield return new(p.Right, RegionRole.Value, p.Batches, graph.Tensors[p.Right].Columns / p.Batches);
                break;
        }
    }
}
