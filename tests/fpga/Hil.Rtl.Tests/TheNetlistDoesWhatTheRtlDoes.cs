using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>
/// The gates that Yosys makes of the core for the UP5K, against the RTL, on the same programs one after the other: counters, trace
/// and the scratchpad. Synthesis has been seen to miscompile arrays without a word.
/// </summary>
public sealed class TheNetlistDoesWhatTheRtlDoes
{
    private const int Programs = 24;

    // Reading two banks through the host port takes as long as a program.
    private const int ProgramsBetweenComparisons = 6;

    [SkippableTheory]
    [InlineData("icebreaker")]
    [InlineData("pipelined")]
    public void On_random_programs(string machine) =>
        Assert.Null(FirstDifference(TestMachines.Named(machine) with { Counters = TestMachines.CountersOfTheBoard }));

    /// <summary>Where the two differ first, or null.</summary>
    private static string? FirstDifference(Machine machine)
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        using var rtl = new RtlSimulation(machine);
        using var gates = new RtlSimulation(machine, RtlModel.Gates);
        // Both begin with memories of zeros; the scratchpads get the same bytes through the host port.
        byte[] bytes = new Dice(1).Bytes(machine.Scratchpad.BankBytes);
        for (int bank = 0; bank < machine.Scratchpad.Banks; bank++)
        {
            rtl.WriteByHostPort(bank, 0, bytes);
            gates.WriteByHostPort(bank, 0, bytes);
        }

        for (int seed = 1; seed <= Programs; seed++)
        {
            GeneratedProgram program = ProgramGenerator.Make(machine, seed, GeneratorOptions.Default);
            Run(rtl, program);
            Run(gates, program);
            if (rtl.Trap() != gates.Trap()) return $"seed {seed}: trap {gates.Trap()} instead of {rtl.Trap()}";
            if (!rtl.Counters().Named().SequenceEqual(gates.Counters().Named())) return $"seed {seed}: counters";
            if (!rtl.Trace().SequenceEqual(gates.Trace())) return $"seed {seed}: trace";
            if (seed % ProgramsBetweenComparisons != 0) continue;
            for (int bank = 0; bank < machine.Scratchpad.Banks; bank++)
            {
                int at = Read(rtl, bank).AsSpan().CommonPrefixLength(Read(gates, bank));
                if (at < machine.Scratchpad.BankBytes) return $"seed {seed}: bank {bank}, byte {at}";
            }
        }

        return null;
    }

    private static void Run(RtlSimulation simulation, GeneratedProgram generated)
    {
        simulation.ClearMain();
        simulation.WriteMain(generated.Program.ImageBase, generated.Program.Image.Span);
        foreach (HostWrite write in generated.HostWrites) simulation.WriteMain(write.Address, write.Bytes);
        simulation.Start(generated.Program.Entry, generated.Program.InstructionCount);
        Assert.True(simulation.Run(5_000_000), "The segment did not end.");
    }

    private static byte[] Read(RtlSimulation simulation, int bank)
    {
        var bytes = new byte[simulation.Machine.Scratchpad.BankBytes];
        simulation.ReadByHostPort(bank, 0, bytes);
        return bytes;
    }
}
