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
