using Hil.Compiler.Lowering;
using Hil.Compiler.Plans;
using Hil.Contract.Machines;
using Hil.Models.Quantized;

namespace Hil.Compiler.Tests;

/// <summary>Layers of elements, windows and products of activations beside each other, lowered in each of the ways of which the compiler keeps one: every tensor is that of plain integers, the program as recorded.</summary>
public sealed class ElementsAreLoweredRight
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string graph in ElementGraphs.All.Keys)
        {
            foreach (Machine machine in TestMachines.All()) cases.Add(graph, machine.Name);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_every_way(string graph, string machineName)
    {
        var run = new GraphRun(ElementGraphs.All[graph]());
        Machine machine = TestMachines.All().Single(m => m.Name == machineName);
        var figures = new List<string>();
        foreach (LoweringChoice choice in ChoiceList.Groups(machine).SelectMany(g => g).Concat(ChoiceList.ForBusyArrays(machine)))
        {
            CompiledProgram compiled = ModelCompiler.Compile(run.Graph, machine, new CompilerOptions { Only = choice });
            run.AssertRight(compiled.Program, machine);
            OperationsSayWhatTheyTouch.AssertOf(run.Graph, machine, choice);
            figures.Add(LoweredFigures.Of(compiled, machine));
        }

        LoweredFigures.AssertSame($"{graph}\t{machineName}", string.Join(' ', figures));
    }

    /// <summary>The identity matrix of a softmax is then loaded and added in parts; three tiles hold its eleven columns.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void On_a_machine_whose_weight_slot_is_shorter_than_the_array_is_wide(int weightTiles)
    {
        var run = new GraphRun(ElementGraphs.SoftmaxOfProduct());
        Machine machine = TestMachines.Wide() with { Array = new(4, 16), WeightTiles = weightTiles };

        run.AssertRight(ModelCompiler.Compile(run.Graph, machine).Program, machine);
    }

    [Fact]
    public void Regions_are_named_after_their_tensors()
    {
        var plan = new Plan(TestMachines.Wide());
        new GraphLowering(plan, ElementGraphs.All["two windows of unlike padding over one tensor"](), new(), PlantedFault.None).Lower();

        Assert.Equal(["after[0]", "before[0]", "image", "x[0]", "y[0]"], plan.Regions.Select(r => r.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>Those of what a pool takes between its taps, too.</summary>
    [Fact]
    public void And_after_what_they_are_for()
    {
        var plan = new Plan(TestMachines.Wide());
        new GraphLowering(plan, ElementGraphs.All["a pool of taps that lie apart"](), new(), PlantedFault.None).Lower();

        Assert.Equal(["pool/difference", "pool/maximum", "pool/tap", "pool[0]", "x", "y[0]"], plan.Regions.Select(r => r.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>A piece of a layer norm is as long as it may be, whatever it writes: docs/timing.md, section 6, gives the cycles of a row.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Norms_are_cut_into_pieces_of_the_given_length(bool writes8, bool writes16)
    {
        const int Columns = 24;
        const int RowsOfPiece = 5;
        Machine machine = TestMachines.Small();
        var plan = new Plan(machine);
        plan.BeginLayer("norm", "normalize");
        TensorView source = plan.NewTensor("x", RegionRole.Stream, 4 * RowsOfPiece, Columns, 2);
        TensorView? output8 = writes8 ? plan.NewTensor("y", RegionRole.Normed, 4 * RowsOfPiece, Columns, 1) : null;
        TensorView? output16 = writes16 ? plan.NewTensor("z", RegionRole.Normed, 4 * RowsOfPiece, Columns, 2) : null;
        long row = plan.Durations.LayerNorm(2, Columns, 0, writes8 ? 0 : -1, writes16 ? 0 : -1) - plan.Durations.LayerNorm(1, Columns, 0, writes8 ? 0 : -1, writes16 ? 0 : -1);
        var norm = new QNormalize("norm", "x", writes8 ? "y" : null, writes16 ? "z" : null, [.. new short[Columns]], [.. new int[Columns]], 0, 0, 1);

        foreach (long spare in new[] { 0, row - 1 })
        {
            plan.Operations.Clear();
            var lowering = new NormalizeLowering(plan, (RowsOfPiece * row) + spare);
            lowering.Normalize(norm, Columns, source, output8, output16, [new(0, 2 * RowsOfPiece), new(2 * RowsOfPiece, 2 * RowsOfPiece)], lowering.Load(norm, Columns, false));

            Assert.Equal([0, 5, 10, 15], plan.Operations.Where(o => o.Piece is not null).Select(o => o.Piece!.Value.Row));
            Assert.All(plan.Operations.Where(o => o.Piece is not null), o => Assert.Equal(RowsOfPiece, o.Piece!.Value.Rows));
        }
    }
}
