using System.Collections.Immutable;
using System.Security.Cryptography;
using Hil.Compiler;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;

namespace Hil.Jobs.Tests.Imported;

/// <summary>
/// Metamorphic: with equal ranges, a spelling that is exact in float32 gives the same image of instructions and constants; the others give tensors that
/// differ by at most one step.
/// </summary>
public sealed class RespellingsGiveOneProgram
{
    [Theory]
    [InlineData("linear", true)]
    [InlineData("residual", true)]
    [InlineData("attention", true)]
    [InlineData("gelu", true)]
    [InlineData("norm", false)]
    [InlineData("tanh gelu", true)]
    [InlineData("quick gelu", true)]
    [InlineData("silu", true)]
    [InlineData("rms norm", false)]
    [InlineData("softmax", true)]
    [InlineData("constant mask", true)]
    [InlineData("given mask", true)]
    [InlineData("scale", true)]
    [InlineData("product of activations", true)]
    [InlineData("product of activations by heads", true)]
    [InlineData("linear attention", true)]
    [InlineData("gate", true)]
    public void Of_each_pattern_at_least_twenty_agree(string pattern, bool isExact)
    {
        bool isActivations = RespeltActivations.Counts.ContainsKey(pattern);
        (int count, Func<string, int, OnnxModel> with) = isActivations ? (RespeltActivations.Counts[pattern], RespeltActivations.With)
            : RespeltModel.Counts.TryGetValue(pattern, out int whole) ? (whole, RespeltModel.With)
            : (RespeltPattern.Counts[pattern], (Func<string, int, OnnxModel>)RespeltPattern.With);
        OnnxModel Spelt(int spelling) => with(pattern, spelling);
        var plain = new ImportedModel(Spelt(0));
        string expected = ImageHash(plain.Quantized);
        int[][] tensors = isExact ? [] : Int8Tensors(plain, plain.Quantized);
        Assert.True(Enumerable.Range(0, count).Select(i => Spelt(i).Hash).Distinct().Count() >= 20);
        for (int spelling = 1; spelling < count; spelling++)
        {
            // A factor that moves over a product of activations changes what lies between by a power of two: such a model has ranges of its own, of the same samples.
            QuantizedGraph respelt = isActivations && pattern != "gate" ? new ImportedModel(Spelt(spelling)).Quantized : Quantize(plain, Spelt(spelling));

            if (isExact)
            {
                Assert.True(expected == ImageHash(respelt), $"{pattern} {spelling} gives another image");
                continue;
            }

            int[][] own = Int8Tensors(plain, respelt);
            Assert.Equal(tensors.Length, own.Length);
            int largest = tensors.Zip(own).Max(p => p.First.Zip(p.Second, (a, b) => Math.Abs(a - b)).Max());
            Assert.True(largest <= 1, $"{pattern} {spelling} differs by {largest} steps");
        }
    }

    // The ranges of the plain spelling, tensor by tensor in the order of the layers.
    private static QuantizedGraph Quantize(ImportedModel like, OnnxModel model)
    {
        Graph graph = OnnxImporter.Import(model);
        string[] plain = [.. Names(like.Graph)];
        string[] own = [.. Names(graph)];
        Assert.Equal(plain.Length, own.Length);
        var ranges = own.Zip(plain).DistinctBy(p => p.First).ToImmutableSortedDictionary(p => p.First, p => like.Ranges[p.Second], StringComparer.Ordinal);
        return Quantizer.Quantize(model, graph, like.Ranges with { ByTensor = ranges }).Graph;
    }

    private static IEnumerable<string> Names(Graph graph) => graph.Inputs.Select(i => i.Name)
        .Concat(graph.Layers.SelectMany(l => l is Product p ? new[] { p.Output, p.Sum, p.ProductTensor } : [l.Output]));

    private static string ImageHash(QuantizedGraph graph)
    {
        ProgramImage program = ModelCompiler.Compile(graph, MachineFile.Bundled("icebreaker")).Program;
        return $"{program.InstructionCount} {program.Entry} {Convert.ToHexString(SHA256.HashData(program.Image.Span))}";
    }

    private static int[][] Int8Tensors(ImportedModel like, QuantizedGraph graph)
    {
        float[] sample = like.Samples[0]["x"].ToArray();
        Dictionary<string, int[]> tensors = new IntegerExecutor(graph).Run(sample);
        return [.. graph.Layers.SelectMany(l => l.Outputs).Where(o => graph.Tensors[o].Type == QType.Int8).Select(o => tensors[o])];
    }
}
