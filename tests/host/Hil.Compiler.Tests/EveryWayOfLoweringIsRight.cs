using Hil.Compiler.Lowering;
using Hil.Contract.Machines;
using Hil.Contract.Verification;

namespace Hil.Compiler.Tests;

/// <summary>
/// Small transformers on small machines, lowered in each of the ways of which the compiler keeps one: the tensors are those of plain integers, and what
/// <see cref="LoweredFigures"/> says of the program is as recorded.
/// </summary>
public sealed class EveryWayOfLoweringIsRight
{
    private static readonly Dictionary<string, Lazy<GraphRun>> Runs =
        SmallGraph.All.ToDictionary(g => g.Key, g => new Lazy<GraphRun>(() => new GraphRun(g.Value.Make())));

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string graph in SmallGraph.All.Keys)
        {
            foreach (Machine machine in TestMachines.All()) cases.Add(graph, machine.Name);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void And_takes_the_recorded_cycles(string graph, string machineName)
    {
        Machine machine = TestMachines.All().Single(m => m.Name == machineName);
        var figures = new List<string>();
        foreach (LoweringChoice choice in ChoiceList.Groups(machine).SelectMany(g => g).Concat(ChoiceList.ForBusyArrays(machine)))
        {
            CompiledProgram compiled = ModelCompiler.Compile(Runs[graph].Value.Graph, machine, new CompilerOptions { Only = choice });
            Assert.Empty(Verifier.Verify(compiled.Program, machine));
            Runs[graph].Value.AssertRight(compiled.Program, machine);
            figures.Add(LoweredFigures.Of(compiled, machine));
        }

        LoweredFigures.AssertSame($"{graph}\t{machineName}", string.Join(' ', figures));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void And_one_of_them_is_kept(string graph, string machineName)
    {
        Machine machine = TestMachines.All().Single(m => m.Name == machineName);
        long[] ways = [.. ChoiceList.Groups(machine).First().Concat(ChoiceList.ForBusyArrays(machine))
            .Select(choice => ModelCompiler.Compile(Runs[graph].Value.Graph, machine, new CompilerOptions { Only = choice }).EstimatedCycles)];
        CompiledProgram kept = ModelCompiler.Compile(Runs[graph].Value.Graph, machine);
        Assert.Contains(kept.EstimatedCycles, ways);
        LoweredFigures.AssertSame($"{graph}, kept\t{machineName}", LoweredFigures.Of(kept, machine));
        Runs[graph].Value.AssertRight(kept.Program, machine);
    }
}
