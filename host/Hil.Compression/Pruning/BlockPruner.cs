using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Onnx;

namespace Hil.Compression.Pruning;

/// <summary>What pruning did to one matrix.</summary>
/// <param name="Layer">Layer that uses it.</param>
/// <param name="Weights">ONNX initialiser.</param>
/// <param name="Blocks">Blocks of the matrix, those at ragged edges included.</param>
/// <param name="ZeroBlocks">Blocks that are all zero now.</param>
public sealed record PrunedMatrix(string Layer, string Weights, int Blocks, int ZeroBlocks);

/// <summary>A pruned model: the same ONNX model with zeros in some blocks.</summary>
public sealed record PruneResult(OnnxModel Model, ImmutableArray<PrunedMatrix> Matrices);

/// <summary>
/// Block pruning by magnitude without retraining. In every feed-forward matrix (a product with an activation function, and a product that
/// reads one), the blocks of the smallest mean square are set to zero. A block is a tile of the array, rows × columns = inputs × outputs,
/// aligned at the matrix's first weight, so that an all-zero block costs the device nothing.
/// </summary>
public static class BlockPruner
{
    /// <summary>Zeroes ⌊share · blocks⌋ blocks of each feed-forward matrix; blocks that are zero already count among them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="graph">The graph imported from it.</param>
    /// <param name="share">0 … 1.</param>
    /// <param name="blockRows">Rows of the array: inputs of a block.</param>
    /// <param name="blockColumns">Columns of the array: outputs of a block.</param>
    public static PruneResult Prune(OnnxModel model, Graph graph, double share, int blockRows, int blockColumns)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockColumns, 1);
        if (!(share is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share is 0 … 1.");
        }

        var masks = new Dictionary<string, bool[]>();
        var matrices = ImmutableArray.CreateBuilder<PrunedMatrix>();
        foreach (var product in FeedForward(graph))
        {
            var blocks = Blocks(product, blockRows, blockColumns);
            var zeroes = (int)Math.Floor(share * blocks.Count);
            var mask = new bool[product.K * product.N];
            foreach (var block in blocks.OrderBy(b => b.MeanSquare).Take(zeroes))
            {
                foreach (var weight in block.Weights)
                {
                    mask[weight] = true;
                }
            }

            // Weights that two layers share are pruned once.
            if (masks.TryAdd(product.WeightsName, mask))
            {
                var zeroBefore = blocks.Count(b => b.MeanSquare == 0);
                matrices.Add(new(product.Name, product.WeightsName, blocks.Count, Math.Max(zeroes, zeroBefore)));
            }
        }

        return new PruneResult(model.WithZeros(masks), matrices.ToImmutable());
    }

    /// <summary>Products with an activation function, and products that read the result of one.</summary>
    private static IEnumerable<Product> FeedForward(Graph graph)
    {
        var activated = graph.Layers
            .Where(l => l is Pointwise or Product { Activation: not Activation.None })
            .Select(l => l.Output)
            .ToHashSet();
        return graph.Layers.OfType<Product>().Where(p => p.WeightsName.Length > 0
            && (p.Activation != Activation.None
                || activated.Contains(p.Input)
                || graph.Layers.OfType<Pointwise>().Any(f => f.Input == p.Output)));
    }

    private static List<(double MeanSquare, List<int> Weights)> Blocks(Product product, int blockRows, int blockColumns)
    {
        var blocks = new List<(double, List<int>)>();
        for (var row = 0; row < product.K; row += blockRows)
        {
            for (var column = 0; column < product.N; column += blockColumns)
            {
                var weights = new List<int>(blockRows * blockColumns);
                for (var r = row; r < Math.Min(row + blockRows, product.K); r++)
                {
                    for (var c = column; c < Math.Min(column + blockColumns, product.N); c++)
                    {
                        weights.Add((r * product.N) + c);
                    }
                }

                blocks.Add((weights.Average(w => (double)product.Weights[w] * product.Weights[w]), weights));
            }
        }

        return blocks;
    }
}
