using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Devices.Lockstep;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>Emulator and RTL side by side write the same line for each retired instruction; the first that differs is named, with the place in what it wrote.</summary>
public sealed class LockstepNamesWhatDiffers(ITestOutputHelper output)
{
    private const int Programs = 12;
    private const int MostFaults = 30;
    private const int FaultsOfBytes = 8;
    private const int MostNamedOtherwise = 2;

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

    /// <summary>
    /// The specification's own search, which runs ever longer beginnings of the program, finds the same instruction. It sees no weight slots, and goes by program
    /// order where lockstep goes by retirement: of the faults that harm more than one instruction, a few are named otherwise.
    /// </summary>
    [SkippableFact]
    public void A_planted_fault_by_its_instruction_and_place()
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        Machine machine = TestMachines.SoonDeadlocked(TestMachines.Thin);
        ExpectedRun[] runs = [.. Enumerable.Range(1, 3).Select(seed => new ExpectedRun(ProgramGenerator.Make(machine, seed, GeneratorOptions.Default)))];
        int same = 0, other = 0;
        for (int fault = 1; fault <= MostFaults && same < FaultsOfBytes; fault++)
        {
            using var rtl = new RtlSimulation(machine, RtlModel.Mutants);
            rtl.Mutate(fault);
            if (runs.FirstOrDefault(run => !IsMet(run, rtl)) is not { } unmet) continue;
            LockstepDifference? difference = unmet.Lockstep(rtl).Difference;
            Assert.True(difference is not null, $"fault {fault} is seen by the specification, not in lockstep");
            output.WriteLine($"fault {fault}: {difference}");
            if (difference.Place is null) continue;
            Assert.NotEqual(difference.Expected, difference.Actual);
            if (difference.Emulator!.Value.Opcode is Opcode.LoadWeights or Opcode.LoadDynamic || unmet.FirstDivergence(rtl) is not { } divergence) continue;
            if (divergence.Instruction == difference.Instruction) same++;
            else other++;
        }

        output.WriteLine($"{same} faults of bytes by the same instruction, {other} by another");
        Assert.Equal(FaultsOfBytes, same);
        Assert.InRange(other, 0, MostNamedOtherwise);
    }

    private static bool IsMet(ExpectedRun run, RtlSimulation rtl)
    {
        try
        {
            return run.IsMetBy(rtl);
        }
        catch (InvalidOperationException)
        {
            // The port's protocol was broken.
            return false;
        }
    }
}
