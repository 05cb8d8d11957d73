using Hil.Contract.Machines;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Hil.Jobs.Tests.Imported;

/// <summary>Small transformers of many architectures, as PyTorch writes them and as ONNX Runtime's optimizer rewrites them, run as in float.</summary>
public sealed class ExportedTransformersRun
{
    private const double LeastDecibels = 30;

    public static TheoryData<string> Names => [.. ImportedModel.Exports];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_emulator_gives_every_tensor_and_the_output_is_near_float(string name)
    {
        var model = new ImportedModel(ImportedModel.Export(name));

        var (decibels, _, _) = model.Run(Machine(name));

        Assert.True(decibels >= LeastDecibels, $"SQNR {decibels}");
    }

    [Theory]
    [InlineData("causal")]
    [InlineData("tokens_lowest")]
    [InlineData("relative_bias")]
    [InlineData("cross_attention")]
    [InlineData("many_heads")]
    [InlineData("windows_shifted")]
    [InlineData("sequence_pool")]
    public void A_machine_of_read_only_memory_gives_the_same(string name)
    {
        var model = new ImportedModel(ImportedModel.Export(name));

        var (decibels, _, _) = model.Run(MachineFile.Bundled("icebreaker"));

        Assert.True(decibels >= LeastDecibels, $"SQNR {decibels}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_optimizer_writes_has_the_same_layers(string name)
    {
        Graph plain = new ImportedModel(ImportedModel.Export(name)).Graph;
        foreach (GraphOptimizationLevel level in new[]
        {
            GraphOptimizationLevel.ORT_ENABLE_BASIC, GraphOptimizationLevel.ORT_ENABLE_EXTENDED, GraphOptimizationLevel.ORT_ENABLE_ALL,
        })
        {
            OnnxModel file = ImportedModel.Optimized(name, level);
            if (file.Original.OpsetImport.Any(o => o.Domain == "com.microsoft.nchwc") && file.Original.Graph.Node.Any(n => n.Domain == "com.microsoft.nchwc"))
            {
                // Convolutions laid out for the processor that the optimizer ran on.
                Assert.Equal(GraphOptimizationLevel.ORT_ENABLE_ALL, level);
                Assert.Null(OnnxImporter.TryImport(file, out var unsupported));
                Assert.All(unsupported, u => Assert.Contains("ORT_ENABLE_EXTENDED", u.WhatToDo, StringComparison.Ordinal));
                continue;
            }

            var optimized = new ImportedModel(file);

            var (decibels, _, _) = optimized.Run(Machine(name));

            Assert.Equal(Kinds(plain), Kinds(optimized.Graph));
            Assert.True(decibels >= LeastDecibels, $"{level}: SQNR {decibels}");
        }
    }

    // A row of 1 024 needs as many parameter entries and two more.
    private static Machine Machine(string name) => MachineFile.Bundled(name == "norm_1024" ? "lab-32x32" : "arty-a7-100t");

    private static string Kinds(Graph graph) => string.Join(' ', graph.Layers.Select(l => l switch
    {
        Product p => $"{p.K}x{p.N}{p.Activation}",
        Attention a => $"{a.Heads}x{a.HeadSize}x{a.ValueSize}{(a.Mask is null ? "" : "m")}{(a.Bias.IsEmpty ? "" : "b")}",
        _ => l.GetType().Name,
    }).Order(StringComparer.Ordinal));
}
