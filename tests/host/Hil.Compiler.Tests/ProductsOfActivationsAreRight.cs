using System.Collections.Immutable;
using Hil.Compression.Tests;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator;
using Hil.Models.Quantized;

namespace Hil.Compiler.Tests;

/// <summary>Products of two activations of ragged sizes on machines of several shapes: every element is that of plain integers, at any place of the blocks.</summary>
public sealed class ProductsOfActivationsAreRight
{
    public static TheoryData<string, int, int, int, int> Sizes()
    {
        var cases = new TheoryData<string, int, int, int, int>();
        foreach (Machine machine in TestMachines.All())
        {
            cases.Add(machine.Name, 1, 5, 7, 3);
            cases.Add(machine.Name, 1, 41, 23, 19);
            cases.Add(machine.Name, 1, 3, 131, 2);
            cases.Add(machine.Name, 1, 1, 1, 1);
            cases.Add(machine.Name, 3, 5, 6, 7);
            cases.Add(machine.Name, 2, 25, 16, 16);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void At_every_place_of_their_blocks(string machineName, int batches, int rows, int sum, int columns)
    {
        Machine machine = TestMachines.All().Single(m => m.Name == machineName);
        for (int form = 0; form < (batches == 1 ? 4 : 32); form++)
        {
            var product = new QActivationProduct("product", "a", "b", "y", 43210, 22)
            {
                Batches = batches, IsTransposed = (form & 1) != 0, IsLeftBeside = (form & 4) != 0, IsRightBeside = (form & 8) != 0, IsOutputBeside = (form & 16) != 0,
            };
            bool isWide = (form & 2) != 0;
            if (isWide && product.IsOutputBeside) continue;
            Check(machine, product with { Shift = isWide ? 14 : 22 }, rows, sum, columns, isWide ? QType.Int16 : QType.Int8);
        }
    }

    // The inputs are int8 tensors that the host gives; one more layer reads the product, so that heads that begin at lane groups are read as they lie.
    private static void Check(Machine machine, QActivationProduct product, int rows, int sum, int columns, QType type)
    {
        QTensor output = Blocks("y", rows, columns, product.IsOutputBeside, type);
        QTensor[] tensors =
        [
            Blocks("a", rows, sum, product.IsLeftBeside, QType.Int8),
            product.IsTransposed ? Blocks("b", columns, sum, product.IsRightBeside, QType.Int8) : Blocks("b", sum, columns, product.IsRightBeside, QType.Int8),
            output, new("z", "z", output.Rows, 3, QType.Int16, 1),
        ];
        bool isRead = type == QType.Int8;
        ImmutableArray<QLayer> layers = isRead
            ? [product, new QProduct(
                "reader", "y", "z", output.Columns, 3, [.. Enumerable.Range(0, output.Columns * 3).Select(i => (sbyte)((i * 37 % 255) - 127))], [5, -7, 0], [40000, 50000, 60000], 16, [], null, [], 0)]
            : [product];
        var graph = new QuantizedGraph(
            "product", new string('0', 64), "a", isRead ? "z" : "y", tensors.Where(t => isRead || t.Name != "z").ToImmutableSortedDictionary(t => t.Name, t => t), layers) { MoreInputs = ["b"] };
        Assert.Null(QuantizedGraphChecks.FirstError(graph));
        ProgramImage program = ModelCompiler.Compile(graph, machine).Program;
        var random = new Random(7);
        Dictionary<string, float[]> given = graph.Inputs.ToDictionary(i => i, i => Enumerable.Range(0, graph.Tensors[i].Count).Select(_ => (float)random.Next(-128, 128)).ToArray());
        Dictionary<string, int[]> expected = new IntegerExecutor(graph).Run(given);

        IReadOnlyList<byte[]> outputs = new EmulatorEngine(machine, program).Run(
            [.. program.Inputs.Select(p => (ReadOnlyMemory<byte>)expected[p.Name].Select(v => unchecked((byte)v)).ToArray())], RunRequest.OutputsOnly).Outputs;

        Assert.Equal(expected[graph.Output], DeviceTensors.Elements(program.Outputs[0], outputs[0]));

        QTensor Blocks(string name, int blockRows, int blockColumns, bool isBeside, QType of) =>
            new(name, name, isBeside ? blockRows : blockRows * product.Batches, isBeside ? blockColumns * product.Batches : blockColumns, of, 1);
    }
}
