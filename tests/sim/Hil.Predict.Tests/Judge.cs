using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Specification.Timing;

namespace Hil.Predict.Tests;

/// <summary>What the cycle-by-cycle interpreter of docs/timing.md says about a program, beside what Predict says.</summary>
internal sealed record Judge(ProgramImage Program, Machine Machine, TimingResult Truth, Prediction Prediction)
{
    /// <summary>Differences up to here are as good as none.</summary>
    public const double FreeCycles = 50;

    public static Judge Of(ProgramImage program, Machine machine, PredictOptions? options = null)
    {
        TimingResult truth = Interpreter.Run(machine, program, _ => TrapReason.None);
        ProgramImage withNests = program.Nests.Count > 0 ? program : program with { Nests = Fold(program, machine) };
        return new Judge(withNests, machine, truth, Predictor.Predict(withNests, machine, options: options));
    }

    public static IReadOnlyList<LoopNest> Fold(ProgramImage program, Machine machine) => NestFolding.Fold(
        [.. Enumerable.Range(0, program.InstructionCount).Select(i => program[i])], program.Layers, machine);

    public double TotalDifference => Prediction.Cycles - Truth.Counters.Cycles;

    public bool TotalWithin(double share) => Math.Abs(TotalDifference) <= Math.Max(share * Truth.Counters.Cycles, FreeCycles);

    /// <summary>The layers that are not within the given share of the truth.</summary>
    public IEnumerable<string> LayersBeyond(double share)
    {
        IReadOnlyList<long> layers = Truth.LayerCycles(Program.Layers);
        for (int i = 0; i < layers.Count; i++)
        {
            double difference = Prediction.Layers[i].Cycles - layers[i];
            if (Math.Abs(difference) > Math.Max(share * layers[i], FreeCycles))
            {
                yield return $"{Program.Name}/{Program.Layers[i].Name}: {layers[i]} cycles, predicted {Prediction.Layers[i].Cycles:F0}";
            }
        }
    }
}
