using Hil.Compiler;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Registers;
using Hil.Emulator;
using Hil.Emulator.Functional;
using Hil.Predict.Tests;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests.PlacedNetlist;

/// <summary>The first layers of spoken-digits as a program of their own, and what the emulator makes of it.</summary>
internal sealed class FirstLayers
{
    /// <summary>Bit 1 of status register 2, QE: the back end has set it after reset.</summary>
    private const int QuadEnabled = 2;

    private readonly EmulatorEngine _engine;

    /// <param name="layers">How many; all with <see cref="int.MaxValue"/>.</param>
    public FirstLayers(Machine machine, int layers)
    {
        ProgramImage whole = ModelCompiler.Compile(WholeModelsRunOnTheRtl.Quantize(ModelFiles.Find("spoken-digits", "digits.onnx")), machine).Program;
        Program = layers < whole.Layers.Count ? Cut(whole, layers) : whole;
        _engine = new EmulatorEngine(machine, Program);
        var dice = new Dice(1);
        ReadOnlyMemory<byte>[] inputs = [.. Program.Inputs.Select(place => (ReadOnlyMemory<byte>)WholeModelsRunOnTheRtl.Input(dice, place))];
        var state = new DeviceState(machine, Program, EmulatorOptions.Default, new InitialMemories(machine, EmulatorOptions.Default.PoisonSeed));
        for (int n = 0; n < inputs.Length; n++) PlacedTensor.Write(state, Program.Inputs[n], inputs[n].Span);
        Before = state.Scratchpad.ToArray();
        After = _engine.Run(inputs, new RunRequest(KeepState: true)).FinalState!.Scratchpad.ToArray();
    }

    public ProgramImage Program { get; }

    /// <summary>The scratchpad with the sample's bytes, before the start.</summary>
    public byte[] Before { get; }

    /// <summary>The scratchpad at the end, by the emulator.</summary>
    public byte[] After { get; }

    public long Cycles => _engine.Timing.Counters.Cycles;

    /// <summary>What differs of a run of the netlist; empty if nothing does.</summary>
    public IReadOnlyList<string> Differences(NetlistRun run)
    {
        List<string> differences = [];
        var timing = _engine.Timing;
        for (int u = 0; u < (int)Unit.Store; u++)
        {
            (int, long, long)[] expected = [.. timing.Trace.Where(r => (int)r.Unit == u).Select(r => (u, r.Start, r.Retire))];
            (int, long, long)[] actual = [.. run.Retired.Where(r => r.Unit == u)];
            int at = expected.AsSpan().CommonPrefixLength(actual);
            if (at < expected.Length || actual.Length != expected.Length)
                differences.Add($"{(Unit)u}, its instruction {at}: {Item(actual, at)} in the netlist, {Item(expected, at)} expected (start, retirement)");
        }

        if (run.Identity.Length > 0) differences.AddRange(IdentityRegisters.Differences(run.Identity, IdentityRegisters.Of(_engine.Machine)));
        else differences.Add("no identity");
        if (run.FlashStatus != QuadEnabled) differences.Add($"status register 2 of the flash: {run.FlashStatus}, {QuadEnabled} expected");
        if (!run.Ended) return [.. differences, "The netlist still runs after the cycles that it had."];
        if (run.Trap.Reason != 0) differences.Add($"trap {(TrapReason)run.Trap.Reason} at {run.Trap.Index}");
        // Every other selection gives nothing.
        Dictionary<string, long> kept = timing.Counters.Named(_engine.Machine.Counters).ToDictionary(c => c.Name, c => c.Value);
        foreach ((int n, long actual) in run.Counters.Index())
        {
            string name = n < RegisterMap.CounterNames.Count ? RegisterMap.CounterNames[n] : "none";
            Compare($"counter {n}, {name}", actual, kept.GetValueOrDefault(name));
        }

        int wrong = Enumerable.Range(0, After.Length).Count(i => After[i] != run.Scratchpad[i]);
        if (wrong > 0) differences.Add($"{wrong} bytes of the scratchpad, the first at {After.AsSpan().CommonPrefixLength(run.Scratchpad)}");
        return differences;

        void Compare(string what, long actual, long expected)
        {
            if (actual != expected) differences.Add($"{what}: {actual} in the netlist, {expected} expected");
        }

        static string Item((int Unit, long Start, long Retire)[] items, int at) => at < items.Length ? $"{items[at].Start}, {items[at].Retire}" : "nothing";
    }

    /// <summary>The program up to the end of a layer, then END.</summary>
    private static ProgramImage Cut(ProgramImage whole, int layers)
    {
        ProgramLayer last = whole.Layers[layers - 1];
        int count = last.FirstInstruction + last.InstructionCount;
        byte[] image = whole.Image.ToArray();
        int code = checked((int)(whole.Entry - whole.ImageBase));
        image.AsSpan(code + ((whole.InstructionCount - 1) * Instruction.Bytes), Instruction.Bytes).CopyTo(image.AsSpan(code + (count * Instruction.Bytes)));
        return whole with
        {
            Image = image, InstructionCount = count + 1, Outputs = [], Observables = [],
            Layers = [.. whole.Layers.Take(layers - 1), last with { InstructionCount = last.InstructionCount + 1 }],
        };
    }
}
