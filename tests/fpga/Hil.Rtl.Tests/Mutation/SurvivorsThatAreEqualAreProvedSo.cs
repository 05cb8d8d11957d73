using Hil.Devices;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests.Mutation;

/// <summary>
/// Survivors of the kind "Equal" are proved equal to the core without the fault by sim/verilator/mutants/prove.sh: one of them by default, all with
/// HIL_TEST_FULL=1. A fault that programs find is not.
/// </summary>
public sealed class SurvivorsThatAreEqualAreProvedSo(ITestOutputHelper output)
{
    private const int Proved = 0;
    private const int CanDiffer = 3;

    private static string Folder => Path.GetDirectoryName(RtlBuild.Library(PlantedFaultsInTheRtlAreFound.Subject, RtlModel.Mutants))!;

    [SkippableFact]
    public void From_every_state()
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        string[] list = PlantedFaultsInTheRtlAreFound.List();
        foreach (Survivor equal in Survivors.Read().Where(s => s.Kind == SurvivorKind.Equal && list.Contains(s.Fault)).Take(Share.Of(1, int.MaxValue)))
        {
            (int exit, string said) = Prove(Array.IndexOf(list, equal.Fault) + 1);
            Assert.True(exit == Proved, $"{equal.Fault}: exit {exit}, {Proved} is a proof, {CanDiffer} a difference. {said}");
            output.WriteLine(equal.Fault);
        }
    }

    [SkippableFact]
    public void And_a_stuck_bit_that_every_program_meets_is_not()
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        HashSet<string> survivors = [.. Survivors.Read().Select(s => s.Fault)];
        int found = Array.FindIndex(PlantedFaultsInTheRtlAreFound.List(), f => !survivors.Contains(f)) + 1;
        (int exit, string said) = Prove(found);
        Assert.True(exit == CanDiffer, $"fault {found}: exit {exit}. {said}");
    }

    private static (int Exit, string Said) Prove(int number) =>
        Tool.Run(Path.Combine(Repository.Root, "sim/verilator/mutants/prove.sh"), [Folder, $"{number}"], Repository.Root);
}
