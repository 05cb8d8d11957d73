using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Tests;

/// <summary>What a program says of itself beside its instructions: what it is made of, how it fills the machine's memories, its loop nests.</summary>
public sealed class ProgramsSayWhatTheyAre
{
    [Fact]
    public void A_product_names_its_sizes_and_its_data()
    {
        Machine machine = TestMachines.Wide();
        ProgramImage program = GemmCompiler.Compile(33, 20, 9, machine, 0.5, 7).Program;

        Assert.Equal("gemm-33x20x9", program.Name);
        Assert.Equal(
            new Dictionary<string, string> { ["kind"] = "gemm", ["m"] = "33", ["k"] = "20", ["n"] = "9", ["seed"] = "7", ["sparsity"] = "0.5" }, program.Metadata);
        Assert.Equal((machine.Name, MachineFile.Hash(machine), Identity.ContractHash), (program.MachineName, program.MachineHash, program.ContractHash));
        Assert.Equal(("gemm", "product"), program.Layers.Select(l => (l.Name, l.Kind)).Single());
        Assert.Equal(("a", "c"), (program.Inputs.Single().Name, program.Outputs.Single().Name));
    }

    /// <summary>A bank of 8192 bytes holds 170 rows of 48 bytes and 341 of 24.</summary>
    [Fact]
    public void Pieces_of_an_operand_are_named_by_their_first_rows()
    {
        ProgramImage program = GemmCompiler.Compile(400, 48, 24, TestMachines.Square() with { Scratchpad = new(8, 8192, 4) }).Program;

        Assert.Equal(["a[0]", "a[134]", "a[267]"], program.Inputs.Select(p => p.Name));
        Assert.Equal(["c[0]", "c[200]"], program.Outputs.Select(p => p.Name));
        Assert.Equal([134, 133, 133, 200, 200], program.Inputs.Concat(program.Outputs).Select(p => p.Rows));
    }

    [Fact]
    public void A_model_names_its_model_and_its_schedule()
    {
        QuantizedGraph graph = SmallGraph.All["class token, two heads"].Make();
        ProgramImage program = ModelCompiler.Compile(graph, TestMachines.Wide()).Program;

        Assert.Equal(["kind", "modelHash", "schedule"], program.Metadata.Keys.Order());
        Assert.Equal(("small", "model", graph.ModelHash), (program.Name, program.Metadata["kind"], program.Metadata["modelHash"]));
        Assert.NotEmpty(program.Metadata["schedule"]);
    }

    [Fact]
    public void A_mask_is_described_by_its_name()
    {
        ProgramImage program = ModelCompiler.Compile(SmallGraph.All["mask from the host"].Make(), TestMachines.Wide()).Program;

        Assert.Equal(4, program.Metadata.Count);
        Assert.Contains(MaskMetadata.Key("mask"), program.Metadata.Keys);
    }

    /// <summary>A bit a key, in entries of eight bytes, of which loads take two at a time.</summary>
    [Theory]
    [InlineData(18, 16)]
    [InlineData(70, 16)]
    [InlineData(130, 32)]
    public void A_mask_in_main_memory_has_a_bit_for_each_key(int keys, int bytes)
    {
        SmallGraph graph = new(keys, 8, 2, 9) { HasMask = true };

        ProgramImage program = ModelCompiler.Compile(graph.Make(), TestMachines.Square()).Program;

        TensorPlace mask = program.Inputs.Single(p => p.Name == "mask");
        Assert.Equal((Space.Main, ElementType.Int8, 1, bytes), (mask.Space, mask.Type, mask.Rows, mask.Columns));
    }

    /// <summary>Both operands with their rows at words, or only the first where its last row is read before the second's first is written; rows in two blocks, or in one.</summary>
    [Theory]
    [InlineData("small", 33 * (20 + 12), 5, 17)]
    [InlineData("square", 33 * (20 + 12), 5, 17)]
    [InlineData("wide", 33 * 32, 3, 33)]
    public void Memories_are_listed_with_what_is_used_of_them(string machineName, int scratchpad, int tiles, int rows)
    {
        Machine machine = TestMachines.All().Single(m => m.Name == machineName);
        CompiledProgram compiled = GemmCompiler.Compile(33, 20, 9, machine, 0, 5);

        Assert.Equal(
            [
                new("scratchpad", "bytes", scratchpad, machine.Scratchpad.Bytes),
                new(machine.Regions[0].Name, "bytes", compiled.Program.Image.Length, machine.Regions[0].Bytes),
                new("weight slot", "tiles", tiles, machine.WeightTiles), new("accumulator half", "rows", rows, machine.AccumulatorRows),
            ],
            compiled.Memories);
    }

    [Fact]
    public void Nests_have_as_many_steps_as_there_are_instructions()
    {
        foreach (Machine machine in TestMachines.All())
        {
            foreach (SmallGraph graph in SmallGraph.All.Values) Assert.Equal("", NestSteps.Differing(ModelCompiler.Compile(graph.Make(), machine).Program));
            Assert.Equal("", NestSteps.Differing(GemmCompiler.Compile(70, 64, 200, machine, 0.3, 5).Program));
        }
    }

    /// <summary>As on every other computer.</summary>
    [Fact]
    public void Random_weights_are_those_of_their_seed()
    {
        GemmData data = GemmData.Random(TestMachines.Wide(), 40, 40, 0.4, 3);

        Assert.Equal((2574086438u, 475060074u), (Hash(data.Weights.Select(w => (int)w)), Hash(data.Bias)));
    }

    private static uint Hash(IEnumerable<int> values) => values.Aggregate(17u, (hash, value) => unchecked((hash * 31) + (uint)value));
}
