using System.Buffers.Binary;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Devices.Lockstep;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>FST waveforms: of the cycles that were asked for, on request and around a difference.</summary>
public sealed class WaveformsHoldTheirWindow : IDisposable
{
    private const int TicksPerCycle = 10;

    // One build with waveforms serves all of these, and has faults to show.
    private readonly Machine _machine = TestMachines.SoonDeadlocked(TestMachines.Thin);
    private readonly string _folder = Directory.CreateTempSubdirectory("hil-waves-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void On_request()
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        using var rtl = new RtlSimulation(_machine, RtlModel.Mutants | RtlModel.Waves);
        var run = new ExpectedRun(ProgramGenerator.Make(rtl.Machine, 1, GeneratorOptions.Default));
        string file = Path.Combine(_folder, "request.fst");
        rtl.OpenWaves(file, new CycleWindow(100, 300));
        Assert.True(run.IsMetBy(rtl), "A waveform changes nothing.");
        rtl.CloseWaves();
        (long first, long last) = Ticks(file);
        Assert.InRange(first, 100 * TicksPerCycle, (101 * TicksPerCycle) - 1);
        Assert.InRange(last, 300 * TicksPerCycle, 301 * TicksPerCycle);
    }

    [SkippableFact]
    public void Around_a_difference()
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        var run = new ExpectedRun(ProgramGenerator.Make(_machine, 1, GeneratorOptions.Default));
        string file = Path.Combine(_folder, "difference.fst");
        for (int fault = 1; ; fault++)
        {
            using var rtl = new RtlSimulation(_machine, RtlModel.Mutants);
            rtl.Mutate(fault);
            if (run.Lockstep(rtl).Difference is not { Place: not null }) continue;
            LockstepDifference difference = run.Lockstep(rtl, file).Difference!;
            Assert.Equal(file, difference.Waves);
            (long first, long last) = Ticks(file);
            Assert.InRange(first, difference.Window.From * TicksPerCycle, difference.Emulator!.Value.Retirement.Start * TicksPerCycle);
            Assert.InRange(last, difference.Emulator.Value.Retirement.Retire * TicksPerCycle, (difference.Window.To + 1) * TicksPerCycle);
            return;
        }
    }

    [SkippableFact]
    public void A_core_without_them_says_so()
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        using var rtl = new RtlSimulation(TestMachines.Thin, RtlModel.Assertions);
        Assert.Throws<Hil.Contract.HilException>(() => rtl.OpenWaves(Path.Combine(_folder, "none.fst"), new CycleWindow(0, 1)));
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    /// <summary>First and last time of an FST file: its header is a block type, a length, then these, big-endian.</summary>
    private static (long First, long Last) Ticks(string file)
    {
        byte[] header = new byte[25];
        using (FileStream stream = File.OpenRead(file)) stream.ReadExactly(header);
        Assert.Equal(0, header[0]);
        return (BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(9)), BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(17)));
    }
}
