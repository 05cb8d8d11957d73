using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Predict.Costs;
using Hil.Predict.Evaluation;

namespace Hil.Predict;

/// <summary>
/// Cycles and energy of a program before it runs, from its loop nests, its layers and the machine. It sees no instruction and no data, and its
/// time depends on how many loops a program has, not on how often they run: a loop's first and last iterations are evaluated, and one steady
/// period stands for those between.
/// </summary>
public static class Predictor
{
    /// <param name="programHash">Of the saved program, for the join with measurements.</param>
    /// <exception cref="ArgumentException">The nests do not belong to the layers.</exception>
    /// <exception cref="HilException">(BadInput) A nest moves from or to a memory region that the machine does not have.</exception>
    public static Prediction Predict(ProgramImage program, Machine machine, string programHash = "", PredictOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(machine);
        WrongRule wrong = (options ?? PredictOptions.Default).Rule;
        MemoryRegion code = machine.RegionOf(program.Entry, 16L * program.InstructionCount) ?? machine.Regions[0];
        LoopNest[] nests = [.. program.Nests.OrderBy(n => n.Layer)];
        if (nests.Any(n => n.Layer < 0 || n.Layer >= program.Layers.Count))
        {
            throw new ArgumentException("A loop nest names a layer that the program does not have.", nameof(program));
        }

        if (nests.SelectMany(n => n.Stages).SelectMany(s => s.Steps).FirstOrDefault(s => s.Region >= machine.Regions.Count) is { } step)
        {
            throw new HilException(
                ExitKind.BadInput, $"a loop nest moves data of memory region {step.Region}; '{machine.Name}' has {machine.Regions.Count}.", program.Name,
                "Compile the model again.");
        }

        var cost = new StepCost(machine, wrong);
        var few = new FewIterations(nests, cost, machine.Issue, wrong);
        var timeline = new Timeline(few, machine, code, cost, wrong);
        IReadOnlyList<LayerPrediction> layers =
            new LayerSums(few, timeline, program.Layers, new EnergyCost(machine), cost.PortTail, wrong).Layers();
        return new Prediction(
            Prediction.CurrentSchema, program.Name, programHash, machine.Name, program.MachineHash, program.ContractHash,
            layers.Sum(l => l.Cycles), layers, layers.Sum(l => l.EnergyMicrojoules), machine.Energy.Source);
    }
}
