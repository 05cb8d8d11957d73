using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator.Timing;
using Hil.Specification.Timing;

namespace Hil.Predict.Tests;

/// <summary>What a judge of docs/timing.md says about a program, beside what Predict says.</summary>
internal sealed record Judge(ProgramImage Program, long Cycles, IReadOnlyList<long> Layers, Prediction Prediction)
{
    /// <summary>Differences up to here are as good as none.</summary>
    public const double FreeCycles = 50;

    public double TotalDifference => Prediction.Cycles - Cycles;

    /// <summary>Against the cycle-by-cycle interpreter, with nests recovered from the program.</summary>
    public static Judge ByInterpreter(ProgramImage program, Machine machine, PredictOptions? options = null)
    {
        Specification.Timing.TimingResult truth = Interpreter.Run(machine, program, _ => TrapReason.None);
        ProgramImage withNests = program with { Nests = Fold(program, machine) };
        return new Judge(
            withNests, truth.Counters.Cycles, truth.LayerCycles(program.Layers), Predictor.Predict(withNests, machine, options: options));
    }

    /// <summary>Against the emulator's timing pass, with the program's own nests.</summary>
    public static Judge ByEmulator(ProgramImage program, Machine machine, PredictOptions? options = null)
    {
        Emulator.Timing.TimingResult truth = TimingPass.Run(machine, program);
        return new Judge(
            program, truth.Counters.Cycles, [.. truth.Layers.Select(l => l.Cycles)], Predictor.Predict(program, machine, options: options));
    }

    public static IReadOnlyList<LoopNest> Fold(ProgramImage program, Machine machine) => NestFolding.Fold(
        [.. Enumerable.Range(0, program.InstructionCount).Select(i => program[i])], program.Layers, machine);

    public bool TotalWithin(double share) => Math.Abs(TotalDifference) <= Math.Max(share * Cycles, FreeCycles);

    /// <summary>The layers that are not within the given share of the truth.</summary>
    public IEnumerable<string> LayersBeyond(double share)
    {
        for (int i = 0; i < Layers.Count; i++)
        {
            double difference = Prediction.Layers[i].Cycles - Layers[i];
            if (Math.Abs(difference) > Math.Max(share * Layers[i], FreeCycles))
            {
                yield return $"{Program.Name}/{Program.Layers[i].Name}: {Layers[i]} cycles, predicted {Prediction.Layers[i].Cycles:F0}";
            }
        }
    }
}
