using Hil.Compression.Pruning;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Reference;

namespace Hil.Compression.Tests;

public sealed class BlockPruning
{
    [SkippableTheory]
    [InlineData(0.2, 4, 2)]
    [InlineData(0.2, 16, 16)]
    [InlineData(0.5, 7, 9)]
    public void Zeroes_the_share_of_blocks_in_feed_forward_matrices_only(double share, int rows, int columns)
    {
        var (model, graph) = Digits("digits.onnx");

        var result = BlockPruner.Prune(model, graph, share, rows, columns);

        var pruned = OnnxImporter.Import(result.Model);
        Assert.Equal(8, result.Matrices.Length);
        foreach (var (before, after) in graph.Layers.OfType<Product>().Zip(pruned.Layers.OfType<Product>()))
        {
            var matrix = result.Matrices.SingleOrDefault(m => m.Weights == before.WeightsName);
            if (matrix is null)
            {
                Assert.True(before.Weights.SequenceEqual(after.Weights), $"{before.Name} changed");
                continue;
            }

            var blocks = ((before.K + rows - 1) / rows) * ((before.N + columns - 1) / columns);
            Assert.Equal((int)(share * blocks), ZeroBlocks(after, rows, columns));
            Assert.Equal((int)(share * blocks), matrix.ZeroBlocks);
            Assert.All(before.Weights.Zip(after.Weights), w => Assert.True(w.Second == 0 || w.Second == w.First));
        }
    }

    [SkippableFact]
    public void The_pruned_file_runs_and_differs_little()
    {
        var (model, graph) = Digits("digits.onnx");
        var data = Dataset.Load(TestData.Digits("eval.npz"), graph);
        var pruned = BlockPruner.Prune(model, graph, 0.05, 4, 2).Model;

        using var before = new FloatReference(model, []);
        using var after = new FloatReference(pruned, []);
        var (a, b) = (before.Run(data.Inputs[0])["logits"], after.Run(data.Inputs[0])["logits"]);

        Assert.NotEqual(a, b);
        Assert.True(a.Zip(b).Average(p => Math.Abs(p.First - p.Second)) < 1, "5 % of the smallest blocks changed the logits by more than 1 on average");
    }

    [SkippableFact]
    public void Nothing_changes_at_share_zero()
    {
        var (model, graph) = Digits("digits.onnx");

        var after = OnnxImporter.Import(BlockPruner.Prune(model, graph, 0, 4, 2).Model);

        Assert.All(
            graph.Layers.OfType<Product>().Zip(after.Layers.OfType<Product>()),
            p => Assert.True(p.First.Weights.SequenceEqual(p.Second.Weights)));
    }

    private static (OnnxModel Model, Graph Graph) Digits(string file)
    {
        var model = OnnxModel.Load(TestData.Digits(file));
        return (model, OnnxImporter.Import(model));
    }

    private static int ZeroBlocks(Product p, int rows, int columns) =>
        Enumerable.Range(0, p.K * p.N)
            .GroupBy(i => (i / p.N / rows, i % p.N / columns))
            .Count(block => block.All(i => p.Weights[i] == 0));
}
