using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Compiler.Scheduling;

/// <summary>Gives operations their duration, once the banks are known.</summary>
internal sealed class OperationDurations(Plan plan)
{
    private readonly Machine _machine = plan.Machine;
    private readonly Durations _durations = plan.Durations;

    public void Fill(Operation op)
    {
        Instruction w = op.Word;
        int[] banks = [.. op.Operands.Select(o => o.Region.Bank)];
        switch (op.Kind)
        {
            case StepKind.LoadWeights or StepKind.LoadParameters or StepKind.LoadTable or StepKind.Load:
                long bytes = op.Constant!.Bytes.Length;
                op.Duration = Durations.Port(_machine.Regions[0], bytes, false);
                break;
            case StepKind.LoadDynamicRows or StepKind.LoadDynamicColumns:
                int k = (int)w[LoadDynamic.KLength];
                op.Duration = _durations.LoadDynamic(k, op.Kind == StepKind.LoadDynamicColumns);
                break;
            case StepKind.Compute:
                (int rows, int tiles) = ((int)w[Compute.Rows], (int)w[Compute.Tiles]);
                op.Duration = _durations.Compute(rows, tiles);
                break;
            case StepKind.RequantizeColumns or StepKind.RequantizeRows:
                (rows, int columns, bool wide) = ((int)w[Requantize.Rows], (int)w[Requantize.Columns], w.Flag(Requantize.Wide));
                bool add = w.Flag(Requantize.Accumulate);
                op.Duration = _durations.Requantize(rows, columns, wide, add, op.Kind == StepKind.RequantizeRows);
                break;
            case StepKind.LayerNorm:
                (rows, columns) = ((int)w[LayerNorm.Rows], (int)w[LayerNorm.Columns]);
                (bool write8, bool write16) = (w.Flag(LayerNorm.Write8), w.Flag(LayerNorm.Write16));
                op.Duration = _durations.LayerNorm(rows, columns, banks[0], write8 ? banks[1] : -1, write16 ? banks[^1] : -1);
                break;
            case StepKind.Softmax:
                (rows, columns) = ((int)w[Softmax.Rows], (int)w[Softmax.Columns]);
                op.Duration = _durations.Softmax(rows, columns, banks[0], banks[1]);
                break;
            case StepKind.Map:
                (rows, columns) = ((int)w[Map.Rows], (int)w[Map.Columns]);
                (int widthIn, int widthOut) = (w.Flag(Map.WideSource) ? 2 : 1, w.Flag(Map.WideOutput) ? 2 : 1);
                op.Duration = _durations.Map(rows, columns, banks[0], widthIn, banks[1], widthOut);
                break;
            case StepKind.Add:
                op.Duration = _durations.Add((int)w[Add.Rows], (int)w[Add.Columns], banks[0], banks[1], banks[2]);
                break;
            default:
                throw new InvalidOperationException($"{op.Kind} is not lowered.");
        }
    }
}
