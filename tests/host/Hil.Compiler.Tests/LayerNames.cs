using System.Reflection;
using System.Text.Json.Serialization;
using Hil.Contract.Programs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Tests;

/// <summary>The layers of a program against those of its graph.</summary>
internal static class LayerNames
{
    /// <summary>Layers have names of the graph's, in its order, with what each is; between them they have all instructions.</summary>
    public static void AssertOf(QuantizedGraph graph, ProgramImage program)
    {
        string[] names = [.. graph.Layers.Select(l => l.Name)];
        int[] places = [.. program.Layers.Select(l => Array.IndexOf(names, l.Name))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order().Distinct(), places);
        foreach ((ProgramLayer layer, int place) in program.Layers.Zip(places))
        {
            Assert.NotEmpty(layer.Kind);
            Assert.StartsWith(layer.Kind, Discriminator(graph.Layers[place]), StringComparison.Ordinal);
        }

        Assert.Equal(0, program.Layers[0].FirstInstruction);
        Assert.Equal(program.Layers.Skip(1).Select(l => l.FirstInstruction), program.Layers.SkipLast(1).Select(l => l.FirstInstruction + l.InstructionCount));
        Assert.Equal(program.InstructionCount, program.Layers[^1].FirstInstruction + program.Layers[^1].InstructionCount);
    }

    // As the graph's file names the layer.
    private static string Discriminator(QLayer layer) =>
        typeof(QLayer).GetCustomAttributes<JsonDerivedTypeAttribute>().Single(a => a.DerivedType == layer.GetType()).TypeDiscriminator!.ToString()!;
}
