using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Predict.Evaluation;

namespace Hil.Predict.Costs;

/// <summary>Energy by counting events and multiplying by the machine's figures; a prediction always, whatever it is compared with.</summary>
internal sealed class EnergyCost(Machine machine)
{
    private const double MicrojoulesPerPicojoule = 1e-6;
    private const double AccumulatorBytes = 4;

    /// <summary>Microjoules of one layer.</summary>
    public double OfLayer(IEnumerable<StagePlan> stages, ProgramLayer layer, double cycles)
    {
        (double scratch, double main, double elements) = (0, 0, 0);
        var cost = new StepCost(machine, WrongRule.None);
        foreach (StagePlan plan in stages)
        {
            foreach (Step step in plan.Stage.Steps)
            {
                (double s, double m, double e) = Events(step, cost);
                (scratch, main, elements) =
                    (scratch + (s * plan.Stage.Count), main + ((m + 16) * plan.Stage.Count), elements + (e * plan.Stage.Count));
            }
        }

        EnergyModel model = machine.Energy;
        double dynamicPicojoules = (layer.Macs * model.PicojoulesPerMac) + (scratch * model.PicojoulesPerScratchpadByte)
            + (main * model.PicojoulesPerMainMemoryByte) + (elements * model.PicojoulesPerVectorElement);

        // 1 mW for one second is 1000 microjoules.
        double staticMicrojoules = model.StaticMilliwatts * 1000 * cycles / machine.ClockHz;
        return (dynamicPicojoules * MicrojoulesPerPicojoule) + staticMicrojoules;
    }

    /// <summary>Bytes of scratchpad, bytes of main memory and vector elements of one step.</summary>
    private (double Scratch, double Main, double Elements) Events(Step step, StepCost cost)
    {
        double elements = (double)step.Rows * step.Columns;
        return step.Kind switch
        {
            StepKind.Load or StepKind.Store => (cost.BytesOf(step), cost.BytesOf(step), 0),
            StepKind.LoadWeights or StepKind.LoadParameters or StepKind.LoadTable => (0, cost.BytesOf(step), 0),
            StepKind.LoadDynamicRows or StepKind.LoadDynamicColumns => (elements, 0, 0),
            StepKind.Compute => (step.Rows * step.Tiles * (machine.Rows + (AccumulatorBytes * machine.Columns)), 0, 0),
            StepKind.RequantizeColumns or StepKind.RequantizeRows =>
                (elements * (AccumulatorBytes + ((step.Wide ? 2 : 1) * (step.Accumulate ? 2 : 1))), 0, elements),
            StepKind.LayerNorm => (elements * (4 + (Written(step, 1) * 1) + (Written(step, 2) * 2)), 0, elements * 2),
            StepKind.Softmax => (elements * 5, 0, elements * 2),
            StepKind.Map => (elements * (step.WidthIn + step.WidthOut), 0, elements),
            StepKind.Add => (elements * 6, 0, elements),
            _ => (0, 0, 0),
        };
    }

    private static int Written(Step step, int operand) => step.Banks.Count <= operand || step.Banks[operand] >= 0 ? 1 : 0;
}
