using System.Runtime.InteropServices;
using Hil.Emulator;
using Hil.Emulator.Functional;
using Hil.Specification.Comparison;
using Hil.Specification.Programs;

namespace Hil.Specification.Tests.Emulator;

/// <summary>The emulator as the comparisons see it.</summary>
internal static class EmulatorRunner
{
    public static MemorySnapshot Run(GeneratedProgram generated, EmulatorOptions options) =>
        Run(Engine(generated, options), generated);

    public static EmulatorEngine Engine(GeneratedProgram generated, EmulatorOptions options) =>
        new(generated.Machine, generated.Program, options with { PoisonSeed = generated.PoisonSeed });

    public static MemorySnapshot Run(EmulatorEngine engine, GeneratedProgram generated)
    {
        EmulatorResult result = engine.Run(
            [.. generated.HostWrites.Select(w => (ReadOnlyMemory<byte>)w.Bytes)], new RunRequest(KeepState: true));
        DeviceState state = result.FinalState!;
        return new MemorySnapshot(
            state.Scratchpad,
            MemoryMarshal.AsBytes(state.Halves[0].AsSpan()).ToArray().Concat(MemoryMarshal.AsBytes(state.Halves[1].AsSpan()).ToArray()).ToArray(),
            state.Parameters,
            state.Tables,
            MemorySnapshot.Scales([.. state.RowScales.Select(s => ((int)s.Multiplier, (int)s.Shift))]),
            [.. generated.HostWrites.Select(w => Read(state, w))]);
    }

    private static byte[] Read(DeviceState state, HostWrite range)
    {
        var bytes = new byte[range.Bytes.Length];
        state.Main.Read(range.Address, bytes);
        return bytes;
    }
}
