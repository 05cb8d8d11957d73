using System.Globalization;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator.Functional;

namespace Hil.Devices.Lockstep;

/// <summary>
/// One program and sample on emulator and RTL, compared at each retirement: which instruction, when it started and retired, and every byte
/// that it wrote. Both begin with the same poisoned memories.
/// </summary>
/// <param name="inputs">Dense bytes of each input of the program.</param>
/// <param name="compareBytes">False for programs that may race, whose bytes mean nothing.</param>
public sealed class LockstepRun(
    Machine machine, ProgramImage program, IReadOnlyList<ReadOnlyMemory<byte>> inputs, uint poisonSeed = 1, bool compareBytes = true)
{
    /// <summary>Cycles that an instruction may be late, to say by how much.</summary>
    private const long Patience = 100_000;

    private readonly InitialMemories _initial = new(machine, poisonSeed);

    /// <summary>Runs until the first difference, or to the end.</summary>
    /// <param name="waves">Where to write the waveform around a difference; null: nowhere.</param>
    public LockstepResult Run(RtlSimulation rtl, string? waves = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rtl);
        var emulator = new EmulatorTrace(machine, program, inputs, poisonSeed);
        IReadOnlyList<TraceLine> expected = emulator.Lines();
        var lines = new List<TraceLine>(expected.Count);
        LockstepDifference? difference;
        try
        {
            difference = FirstOf(rtl, emulator, expected, lines, cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            difference = new(-1, $"cycle {rtl.Now}: {e.Message}", null, null, null, 0, 0, CycleWindow.Around(rtl.Now, rtl.Now));
        }

        if (difference is not null && waves is not null) difference = difference with { Waves = Record(rtl, difference.Window, waves) };
        return new LockstepResult(lines, difference);
    }

    private LockstepDifference? FirstOf(
        RtlSimulation rtl, EmulatorTrace emulator, IReadOnlyList<TraceLine> expected, List<TraceLine> lines, CancellationToken cancellationToken)
    {
        var trace = new RtlTrace(rtl, program, inputs, _initial);
        trace.Start();
        foreach (TraceLine line in expected)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TraceLine? next = trace.Next(line.Retirement.Retire);
            if (next is { } same && same.Retirement == line.Retirement && (!compareBytes || same == line))
            {
                lines.Add(line);
                continue;
            }

            return next is { } other && other.Retirement == line.Retirement
                ? OfBytes(rtl, emulator, line, other, trace)
                : OfTime(expected, line, next, trace);
        }

        return trace.Next(emulator.Timing.Counters.Cycles + Patience) is { } more
            ? OfTime(expected, null, more, trace)
            : OfEnd(rtl, emulator, trace.IsDone);
    }

    private LockstepDifference OfBytes(RtlSimulation rtl, EmulatorTrace emulator, TraceLine line, TraceLine other, RtlTrace trace)
    {
        int index = line.Retirement.Index;
        byte[] actual = trace.Written(index);
        byte[] expected = emulator.Written(index);
        int at = actual.AsSpan().CommonPrefixLength(expected);
        (WrittenPlace place, int first) = WrittenBytes.Locate(program[index], machine, at);
        if (program[index].Opcode == Opcode.Compute) place = place with { Tile = FirstTile(rtl, index) };
        return new LockstepDifference(
            index, Named(index), line, other, place, Value(expected, first, place), Value(actual, first, place),
            CycleWindow.Around(line.Retirement.Start, line.Retirement.Retire));
    }

    /// <summary>An instruction that retires at another time; the first that does on either side.</summary>
    private LockstepDifference OfTime(IReadOnlyList<TraceLine> expected, TraceLine? line, TraceLine? next, RtlTrace trace)
    {
        // What retires when it should not is to blame; without it, what does not retire when it should.
        bool isEarly = next is { } early && !expected.Any(l => l.Retirement == early.Retirement);
        int index = isEarly || line is null ? next!.Value.Retirement.Index : line.Value.Retirement.Index;
        TraceLine? mine = expected.Where(l => l.Retirement.Index == index).Select(l => (TraceLine?)l).FirstOrDefault();
        TraceLine? theirs = isEarly ? next : null;
        long last = (line ?? next)!.Value.Retirement.Retire + Patience;
        while (theirs is null && trace.Next(last) is { } later)
        {
            if (later.Retirement.Index == index) theirs = later;
        }

        long from = Math.Min(mine?.Retirement.Start ?? long.MaxValue, theirs?.Retirement.Start ?? long.MaxValue);
        long to = Math.Max(mine?.Retirement.Retire ?? 0, theirs?.Retirement.Retire ?? 0);
        return new LockstepDifference(index, $"{Named(index)}: other cycles", mine, theirs, null, 0, 0, CycleWindow.Around(from, to));
    }

    private LockstepDifference? OfEnd(RtlSimulation rtl, EmulatorTrace emulator, bool isDone)
    {
        long end = emulator.Timing.Counters.Cycles;
        CycleWindow window = CycleWindow.Around(end, end);
        if (!isDone) return new(-1, $"the end: done after {end} cycles on the emulator, not on the RTL", null, null, null, 0, 0, window);
        if (rtl.Trap() != emulator.Timing.Trap)
            return new(-1, $"the end: {emulator.Timing.Trap} on the emulator, {rtl.Trap()} on the RTL", null, null, null, 0, 0, window);
        CounterSet set = rtl.Machine.Counters;
        foreach (((string name, long right), (_, long left)) in emulator.Timing.Counters.Named(set).Zip(rtl.Counters().Named(set)))
        {
            if (left != right)
                return new(-1, $"the end, counter {name}: {right} on the emulator, {left} on the RTL", null, null, null, 0, 0, window);
        }

        return compareBytes && FinalMemories.FirstDifference(machine, emulator.End(), new RtlMemoryView(rtl)) is { } what
            ? new(-1, $"the end, {what}", null, null, null, 0, 0, window)
            : null;
    }

    /// <summary>
    /// The tile of a COMPUTE after which its sums differ: both run the program up to it with fewer tiles, by bisection. −1: it has none.
    /// </summary>
    private int FirstTile(RtlSimulation rtl, int index)
    {
        int below = 0;
        int above = (int)program[index][Compute.Tiles];
        if (above == 0 || DiffersWith(rtl, index, 0)) return -1;
        while (above - below > 1)
        {
            int middle = (below + above) / 2;
            if (DiffersWith(rtl, index, middle)) above = middle;
            else below = middle;
        }

        return above - 1;
    }

    private bool DiffersWith(RtlSimulation rtl, int index, int tiles)
    {
        byte[] image = program.Image.ToArray();
        program[index].With(Compute.Tiles, (uint)tiles).WriteTo(image.AsSpan((int)(program.Entry - program.ImageBase) + (index * Instruction.Bytes)));
        ProgramImage fewer = program with { Image = image };
        var emulator = new EmulatorTrace(machine, fewer, inputs, poisonSeed);
        var trace = new RtlTrace(rtl, fewer, inputs, _initial);
        trace.Start();
        while (trace.Next(emulator.Timing.Counters.Cycles + Patience) is { } line)
        {
            if (line.Retirement.Index == index) return !emulator.Written(index).AsSpan().SequenceEqual(trace.Written(index));
        }

        return true;
    }

    /// <summary>The same run with a waveform of the window.</summary>
    private string Record(RtlSimulation rtl, CycleWindow window, string path)
    {
        using var traced = new RtlSimulation(machine, rtl.Model | RtlModel.Waves);
        traced.Mutate(rtl.Fault);
        traced.OpenWaves(path, window);
        new RtlTrace(traced, program, inputs, _initial).Start();
        try
        {
            traced.Run(window.To + 1);
        }
        catch (InvalidOperationException)
        {
            // The fault that is shown may be one of the memory port.
        }

        traced.CloseWaves();
        return path;
    }

    private string Named(int index)
    {
        string name = (uint)index < (uint)program.InstructionCount ? InstructionSet.Find(program[index].Opcode)?.Name ?? "no instruction" : "no instruction";
        ProgramLayer? layer = program.Layers.FirstOrDefault(l => index >= l.FirstInstruction && index < l.FirstInstruction + l.InstructionCount);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"instruction {index} of {program.InstructionCount}, {name}{(layer is { Name.Length: > 0 } ? $", layer {layer.Name}" : "")}");
    }

    private static long Value(byte[] bytes, int first, WrittenPlace place) => place.ElementBytes switch
    {
        1 => unchecked((sbyte)bytes[first]),
        2 => BitConverter.ToInt16(bytes, first),
        _ => BitConverter.ToInt32(bytes, first),
    };
}
