using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Devices.Lockstep;
using Hil.Specification.Comparison;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>Emulator and RTL side by side write the same line for each retired instruction; the first that differs is named, with the place in what it wrote.</summary>
public sealed class LockstepNamesWhatDiffers(ITestOutputHelper output)
{
    private const int Programs = 40;

    [SkippableTheory]
    [InlineData("thin-4x2")]
    [InlineData("ragged-2x4")]
    [InlineData("square-8x8")]
    public void Nothing_without_a_fault(string name)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = TestMachines.Named(name);
        using var rtl = new RtlSimulation(machine, RtlModel.Assertions);
        for (int seed = 1; seed <= Programs; seed++)
        {
            GeneratedProgram program = ProgramGenerator.Make(machine, seed, GeneratorOptions.Default);
            LockstepResult result = new ExpectedRun(program).Lockstep(rtl);
            Assert.True(result.Difference is null, $"{program}: {result.Difference}");
            Assert.Equal(program.Program.InstructionCount - 1, result.Lines.Count);
        }
    }

    [SkippableFact]
    public void A_planted_fault_by_instruction_and_place()
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        Machine machine = TestMachines.Thin;
        ExpectedRun[] runs = [.. Enumerable.Range(1, 30).Select(seed => new ExpectedRun(ProgramGenerator.Make(machine, seed, GeneratorOptions.Default)))];
        for (int fault = 1; fault <= 60; fault++)
        {
            using var rtl = new RtlSimulation(machine, RtlModel.Mutants);
            rtl.Mutate(fault);
            foreach (ExpectedRun run in runs)
            {
                try { if (run.IsMetBy(rtl)) continue; } catch (InvalidOperationException) { }
                output.WriteLine($"fault {fault}: {run.Lockstep(rtl).Difference}");
                output.WriteLine($"    {run.FirstDivergence(rtl)}");
                break;
            }
        }
    }
}
