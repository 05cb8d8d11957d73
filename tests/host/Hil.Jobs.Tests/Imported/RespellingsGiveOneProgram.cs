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
    private static readonly ImportedModel Plain = new(RespeltModel.With("linear", 0));

    [Theory]
    [InlineData("linear", true)]
    [InlineData("residual", true)]
    [InlineData("attention", true)]
    [InlineData("gelu", true)]
    [InlineData("norm", false)]
    public void Of_each_pattern_at_least_twenty_agree(string pattern, bool isExact)
    {
        string expected = ImageHash(Plain.Quantized);
        int[][] tensors = Int8Tensors(Plain.Quantized);
        int count = RespeltModel.Counts[pattern];
        Assert.True(count >= 20);
        for (int spelling = 1; spelling < count; spelling++)
        {
            QuantizedGraph respelt = Quantize(RespeltModel.With(pattern, spelling));

            if (isExact)
            {
                Assert.True(expected == ImageHash(respelt), $"{pattern} {spelling} gives another image");
                continue;
            }

            int[][] own = Int8Tensors(respelt);
            Assert.Equal(tensors.Length, own.Length);
            int largest = tensors.Zip(own).Max(p => p.First.Zip(p.Second, (a, b) => Math.Abs(a - b)).Max());
            Assert.True(largest <= 1, $"{pattern} {spelling} differs by {largest} steps");
        }
    }

    // The ranges of the plain spelling, tensor by tensor in the order of the layers.
    private static QuantizedGraph Quantize(OnnxModel model)
    {
        Graph graph = OnnxImporter.Import(model);
        string[] plain = [.. Names(Plain.Graph)];
        string[] own = [.. Names(graph)];
        Assert.Equal(plain.Length, own.Length);
        var ranges = own.Zip(plain).DistinctBy(p => p.First).ToImmutableSortedDictionary(p => p.First, p => Plain.Ranges[p.Second], StringComparer.Ordinal);
        return Quantizer.Quantize(model, graph, Plain.Ranges with { ByTensor = ranges }).Graph;
    }

    private static IEnumerable<string> Names(Graph graph) => graph.Inputs.Select(i => i.Name)
        .Concat(graph.Layers.SelectMany(l => l is Product p ? new[] { p.Output, p.Sum, p.ProductTensor } : [l.Output]));

    private static string ImageHash(QuantizedGraph graph)
    {
        ProgramImage program = ModelCompiler.Compile(graph, MachineFile.Bundled("icebreaker")).Program;
        return $"{program.InstructionCount} {program.Entry} {Convert.ToHexString(SHA256.HashData(program.Image.Span))}";
    }

    private static int[][] Int8Tensors(QuantizedGraph graph)
    {
        float[] sample = Plain.Samples[0]["x"].ToArray();
        Dictionary<string, int[]> tensors = new IntegerExecutor(graph).Run(sample);
        return [.. graph.Layers.SelectMany(l => l.Outputs).Where(o => graph.Tensors[o].Type == QType.Int8).Select(o => tensors[o])];
    }
}
