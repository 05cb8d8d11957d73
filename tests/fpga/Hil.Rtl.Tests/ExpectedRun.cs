using System.Runtime.InteropServices;
using System.Text;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Devices.Lockstep;
using Hil.Specification.Comparison;
using Hil.Specification.Numerics;
using Hil.Specification.Programs;
using Hil.Specification.Timing;

namespace Hil.Rtl.Tests;

/// <summary>
/// One program and all that must come of it by the specification and its interpreter, worked out once for as many runs as wanted.
/// </summary>
internal sealed class ExpectedRun
{
    private const long CycleLimit = 10_000_000;
    private const int MostDifferences = 12;

    private readonly GeneratedProgram _generated;
    private readonly TimingResult _timing;
    private readonly DeviceState _before;
    private readonly DeviceState _after;

    private readonly bool _memories;

    /// <param name="legal">Memories mean something: a program with broken tokens may race, and one that traps stops somewhere.</param>
    public ExpectedRun(GeneratedProgram generated, bool legal = true)
    {
        _generated = generated;
        _timing = Interpreter.Run(generated.Machine, generated.Program, i => FormRules.Check(i, generated.Machine), CycleLimit);
        _before = Poisoned(generated);
        _after = Poisoned(generated);
        _memories = legal && _timing.Trap.Reason == TrapReason.None;
        if (_memories) new Executor(_after).Run(generated.Program);
    }

    /// <summary>Runs the program on the RTL. Everything that differs; empty if bytes, counters, trace and trap are equal.</summary>
    /// <param name="byHostPort">The scratchpad gets its first bytes as on a board, through the host port, not through the simulation's back door.</param>
    public string Differences(RtlSimulation rtl, bool byHostPort = false)
    {
        var differences = new StringBuilder();
        if (!Run(rtl, byHostPort)) differences.AppendLine("The RTL is not done 1000 cycles after it should be.");
        if (rtl.Trap() != _timing.Trap) differences.AppendLine($"Trap: {rtl.Trap()} on the RTL, {_timing.Trap} expected.");
        CompareCounters(rtl.Counters(), _timing.Counters, rtl.Machine.Counters, differences);
        CompareTraces(rtl, _timing, _generated.Program, differences);
        if (_memories)
        {
            CompareMemories(rtl, _after, _generated, differences);
            if (MemorySnapshot.Of(_after, _generated.HostWrites).FirstDifference(Snapshot(rtl, _generated)) is not null)
                differences.AppendLine($"{FirstDivergence(rtl)}");
        }

        if (differences.Length > 0) differences.AppendLine(Lockstep(rtl, Waveform()).Difference?.ToString() ?? "In lockstep with the emulator nothing differs.");
        return differences.ToString();
    }

    /// <summary>The same program on emulator and RTL, up to the first instruction that differs.</summary>
    /// <param name="waves">Where to write the waveform around it; null: nowhere.</param>
    public LockstepResult Lockstep(RtlSimulation rtl, string? waves = null) =>
        new LockstepRun(
            _generated.Machine, _generated.Program, [.. _generated.HostWrites.Select(w => (ReadOnlyMemory<byte>)w.Bytes)], _generated.PoisonSeed, _memories)
        .Run(rtl, waves);

    /// <summary>Where the specification sees the first difference of bytes: an instruction; null without one.</summary>
    public Divergence? FirstDivergence(RtlSimulation rtl) => Divergence.Find(_generated, g => RunAgain(rtl, g));

    private string Waveform()
    {
        string folder = Path.Combine(Repository.Root, "artifacts", "waves");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, $"{_generated.Machine.Name}-{_generated.Seed}.fst");
    }

    /// <summary>
    /// Runs the program on the RTL with a main memory that is slower than the machine's. What differs of bytes and trap; empty if nothing does.
    /// </summary>
    /// <param name="cycles">Those it took.</param>
    public string DifferencesOfBytes(RtlSimulation rtl, out long cycles)
    {
        var differences = new StringBuilder();
        if (!Run(rtl, slower: 4)) differences.AppendLine("The RTL is not done in four times the cycles.");
        cycles = rtl.Counters().Cycles;
        if (rtl.Trap() != _timing.Trap) differences.AppendLine($"Trap: {rtl.Trap()} on the RTL, {_timing.Trap} expected.");
        CompareMemories(rtl, _after, _generated, differences);
        if (MemorySnapshot.Of(_after, _generated.HostWrites).FirstDifference(Snapshot(rtl, _generated)) is { } difference)
            differences.AppendLine($"{difference}");
        return differences.ToString();
    }

    /// <summary>Runs the program on the RTL. True if nothing differs; faster than <see cref="Differences"/> where much does.</summary>
    public bool IsMetBy(RtlSimulation rtl)
    {
        if (!Run(rtl) || rtl.Trap() != _timing.Trap
            || !rtl.Counters().Named(rtl.Machine.Counters).SequenceEqual(_timing.Counters.Named(rtl.Machine.Counters))
            || !rtl.Trace().SequenceEqual(_timing.Retirements.Zip(_timing.Busy)))
            return false;
        if (!_memories) return true;
        var differences = new StringBuilder();
        CompareMemories(rtl, _after, _generated, differences);
        return differences.Length == 0 && MemorySnapshot.Of(_after, _generated.HostWrites).FirstDifference(Snapshot(rtl, _generated)) is null;
    }

    /// <summary>What the host's port reads of the scratchpad is what lies there by the simulation's back door, and reading changes nothing.</summary>
    public static bool HostReadsWhatIsThere(RtlSimulation rtl)
    {
        var before = new byte[rtl.Machine.Scratchpad.Bytes];
        var read = new byte[before.Length];
        var after = new byte[before.Length];
        var memories = new RtlMemories(rtl);
        memories.ReadScratchpad(0, before);
        int bankBytes = rtl.Machine.Scratchpad.BankBytes;
        for (int bank = 0; bank < rtl.Machine.Scratchpad.Banks; bank++) rtl.ReadByHostPort(bank, 0, read.AsSpan(bank * bankBytes, bankBytes));
        memories.ReadScratchpad(0, after);
        return read.AsSpan().SequenceEqual(before) && after.AsSpan().SequenceEqual(before);
    }

    /// <summary>Cycles that the program takes by the specification.</summary>
    public long Cycles => _timing.Counters.Cycles;

    public TrapRecord Trap => _timing.Trap;

    /// <summary>Begins the program and leaves it after some cycles, running or not.</summary>
    public void Abandon(RtlSimulation rtl, long cycles)
    {
        Place(rtl, _before, _generated);
        rtl.Start(_generated.Program.Entry, _generated.Program.InstructionCount);
        rtl.Run(cycles);
    }

    private bool Run(RtlSimulation rtl, bool byHostPort = false, int slower = 1)
    {
        Place(rtl, _before, _generated);
        if (byHostPort) PlaceByHostPort(rtl, _before.Scratchpad);
        rtl.Start(_generated.Program.Entry, _generated.Program.InstructionCount);
        return rtl.Run(_timing.Counters.Cycles * slower + 1000);
    }

    private static DeviceState Poisoned(GeneratedProgram generated)
    {
        var state = new DeviceState(generated.Machine, generated.PoisonSeed);
        foreach (HostWrite write in generated.HostWrites) state.Main.Write(write.Address, write.Bytes);
        return state;
    }

    private static void Place(RtlSimulation rtl, DeviceState state, GeneratedProgram generated)
    {
        var memories = new RtlMemories(rtl);
        memories.WriteScratchpad(0, state.Scratchpad);
        for (int half = 0; half < 2; half++) memories.WriteAccumulators(half, state.Accumulators[half]);
        memories.WriteParameters(state.ParameterMemory);
        memories.WriteTables(state.TableMemory);
        for (int i = 0; i < state.RowScales.Length; i++)
            memories.WriteRowScale(i, checked((ushort)state.RowScales[i].Multiplier), checked((byte)state.RowScales[i].Shift));
        rtl.ClearMain();
        rtl.WriteMain(generated.Program.ImageBase, generated.Program.Image.Span);
        foreach (HostWrite write in generated.HostWrites) rtl.WriteMain(write.Address, write.Bytes);
    }

    private static void PlaceByHostPort(RtlSimulation rtl, ReadOnlySpan<byte> bytes)
    {
        int bankBytes = rtl.Machine.Scratchpad.BankBytes;
        new RtlMemories(rtl).WriteScratchpad(0, new byte[bytes.Length]);
        for (int bank = 0; bank < rtl.Machine.Scratchpad.Banks; bank++)
            rtl.WriteByHostPort(bank, 0, bytes.Slice(bank * bankBytes, bankBytes));
    }

    private static void CompareCounters(Counters actual, Counters expected, CounterSet set, StringBuilder differences)
    {
        foreach (((string name, long value), (_, long right)) in actual.Named(set).Zip(expected.Named(set)))
        {
            if (value != right) differences.AppendLine($"Counter {name}: {value} on the RTL, {right} expected.");
        }
    }

    private static void CompareTraces(RtlSimulation rtl, TimingResult timing, ProgramImage program, StringBuilder differences)
    {
        IReadOnlyList<(Retirement Retirement, long Busy)> actual = rtl.Trace();
        if (actual.Count != timing.Retirements.Count)
            differences.AppendLine($"{actual.Count} instructions retired on the RTL, {timing.Retirements.Count} expected.");
        int shown = 0;
        foreach (((Retirement, long) left, (Retirement Retirement, long) right) in actual.Zip(timing.Retirements.Zip(timing.Busy)))
        {
            if (left == right || shown++ >= MostDifferences) continue;
            differences.AppendLine($"Retired, and busy: {left} on the RTL, {right} expected ({program[right.Retirement.Index].Opcode}).");
        }
    }

    private static void CompareMemories(RtlSimulation rtl, DeviceState state, GeneratedProgram generated, StringBuilder differences)
    {
        Machine machine = generated.Machine;
        var memories = new RtlMemories(rtl);
        for (int lane = 1; lane < machine.Lanes; lane++)
            CompareBytes($"tables of lane {lane}", memories.ReadTables(lane), state.TableMemory, differences);
        for (int slot = 0; slot < 2; slot++)
        {
            for (int t = 0; t < state.Slots[slot].Count; t++)
            {
                (int index, sbyte[] weights) = memories.ReadTile(slot, t);
                if (index != state.Slots[slot][t].Index)
                    differences.AppendLine($"Slot {slot}, tile {t}: index {index} on the RTL, {state.Slots[slot][t].Index} expected.");
                CompareBytes(
                    $"slot {slot}, tile {t}", MemoryMarshal.AsBytes<sbyte>(weights),
                    MemoryMarshal.AsBytes<sbyte>(state.Slots[slot][t].Weights), differences);
            }
        }

        CompareBytes("main memory from the image's start", ReadMain(rtl, generated.Program.ImageBase, generated.Program.Image.Length),
            state.Main.Read(generated.Program.ImageBase, generated.Program.Image.Length), differences);
    }

    private static MemorySnapshot RunAgain(RtlSimulation rtl, GeneratedProgram generated)
    {
        var state = new DeviceState(generated.Machine, generated.PoisonSeed);
        Place(rtl, state, generated);
        rtl.Start(generated.Program.Entry, generated.Program.InstructionCount);
        try
        {
            // A core at fault may not end.
            rtl.Run(Interpreter.Run(generated.Machine, generated.Program, i => FormRules.Check(i, generated.Machine), CycleLimit).Counters.Cycles + 1000);
        }
        catch (InvalidOperationException)
        {
            // What memories hold now differs, or will not.
        }

        return Snapshot(rtl, generated);
    }

    private static MemorySnapshot Snapshot(RtlSimulation rtl, GeneratedProgram generated)
    {
        Machine machine = generated.Machine;
        var memories = new RtlMemories(rtl);
        var scratchpad = new byte[machine.Scratchpad.Bytes];
        memories.ReadScratchpad(0, scratchpad);
        return new MemorySnapshot(
            scratchpad,
            MemorySnapshot.Words([memories.ReadAccumulators(0), memories.ReadAccumulators(1)]),
            memories.ReadParameters(),
            memories.ReadTables(0),
            MemorySnapshot.Scales([.. Enumerable.Range(0, machine.RowScaleEntries).Select(memories.ReadRowScale)]),
            [.. generated.HostWrites.Select(w => ReadMain(rtl, w.Address, w.Bytes.Length))]);
    }

    private static byte[] ReadMain(RtlSimulation rtl, long address, int bytes)
    {
        var read = new byte[bytes];
        rtl.ReadMain(address, read);
        return read;
    }

    private static void CompareBytes(string memory, ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected, StringBuilder differences)
    {
        int shown = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (actual[i] == expected[i]) continue;
            if (shown++ >= MostDifferences) break;
            differences.AppendLine($"Memory {memory}, byte {i}: {actual[i]:x2} on the RTL, {expected[i]:x2} expected.");
        }
    }
}
