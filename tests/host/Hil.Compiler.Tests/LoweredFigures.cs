using System.Security.Cryptography;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator;

namespace Hil.Compiler.Tests;

/// <summary>What is recorded of lowered graphs, so that a change of the compiler shows what it gains and loses.</summary>
internal static class LoweredFigures
{
    private const int DigitsOfHash = 8;

    private static readonly RecordedFigures Recorded = new("tests/host/Hil.Compiler.Tests/lowered.tsv", "dotnet test tests/host/Hil.Compiler.Tests --filter Lower");

    public static void AssertSame(string what, string figures) => Recorded.AssertSame(what, figures);

    /// <summary>
    /// Cycles, the scheduler's own count of them, instructions, bytes of the image, bytes of the scratchpad, stages of the loop nests, tensors that the host can see, multiply-accumulates done
    /// and skipped, and the first digits of the image's SHA-256: the same graph gives the same program.
    /// </summary>
    public static string Of(CompiledProgram compiled, Machine machine)
    {
        ProgramImage program = compiled.Program;
        return $"{new EmulatorEngine(machine, program).Timing.Counters.Cycles}/{compiled.EstimatedCycles}/{program.InstructionCount}/{program.Image.Length}/{compiled.Memories[0].Used}"
            + $"/{program.Nests.Sum(n => n.Stages.Count)}/{program.Observables.Count}/{program.Layers.Sum(l => l.Macs)}/{program.Layers.Sum(l => l.SkippedMacs)}/{Convert.ToHexStringLower(SHA256.HashData(program.Image.Span))[..DigitsOfHash]}";
    }
}
