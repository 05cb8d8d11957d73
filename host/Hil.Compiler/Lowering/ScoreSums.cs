using System.Buffers.Binary;
using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>
/// Adds to the scores of an attention what is no flag of SOFTMAX: a constant bias, loaded block by block, and the mask from the host where the machine has
/// no main memory that the host can write (0, or the smallest score for a key that does not count).
/// </summary>
/// <param name="windowRows">Query rows of a window.</param>
internal sealed class ScoreSums(Plan plan, QAttention layer, AttentionParameters parameters, TensorView? mask, int windowRows)
{
    private readonly Dictionary<(int, int), Constant> _constants = [];

    public void Lower(int head, RowBlock rows, Region scores, int index, object content)
    {
        if (!layer.Bias.IsEmpty)
        {
            int stride = plan.Stride(layer.ValidLength, 2);
            Region bias = plan.NewRegion($"{layer.ScoresNode}/bias/{head}[{rows.Row}]", RegionRole.Scores, rows.Rows, stride);
            uint words = (uint)(stride / plan.WordBytes);
            Operation load = plan.New(
                StepKind.Load, Unit.Load, Instruction.Of(Load.Definition, (Load.Rows, (uint)rows.Rows), (Load.RowWords, words), (Load.Stride, words)),
                ConstantOf(head, rows, stride));
            load.Operands.Add(new(Load.Scratch, bias, 0, stride, rows.Rows, stride, true));
            plan.Append(load);
            AppendSum(rows, scores, bias, 0, index, content);
        }

        if (mask is null) return;
        (Region region, long offset) = mask.Locate(rows.Row, rows.Rows);
        AppendSum(rows, scores, region, offset, index, content);
    }

    private void AppendSum(RowBlock rows, Region scores, Region other, long offset, int index, object content)
    {
        (int n, int stride, int entry) = (layer.ValidLength, scores.StrideBytes, index + parameters.SumEntry);
        Operation op = plan.New(
            StepKind.Add, Unit.Vector,
            Instruction.Of(Add.Definition, (Add.Rows, (uint)rows.Rows), (Add.Columns, (uint)n), (Add.Index, (uint)entry)), background: true);
        op.Operands.Add(new(Add.A, scores, 0, 2L * n, rows.Rows, stride, false));
        op.Operands.Add(new(Add.B, other, offset, 2L * n, rows.Rows, stride, false));
        op.Operands.Add(new(Add.Output, scores, 0, 2L * n, rows.Rows, stride, true));
        op.Entries.Add(new(EntryKind.Parameters, entry, plan.Machine.Lanes + 1, false, content));
        plan.Append(op);
    }

    private Constant ConstantOf(int head, RowBlock rows, int stride)
    {
        int n = layer.ValidLength;
        (int window, int first) = Math.DivRem(rows.Row, windowRows);
        int of = ((window * layer.Heads) + head) % (layer.Bias.Length / (windowRows * n));
        if (_constants.TryGetValue((of, first), out Constant? made)) return made;
        var bytes = new byte[rows.Rows * stride];
        for (int r = 0; r < rows.Rows; r++)
        {
            for (int c = 0; c < n; c++)
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan((r * stride) + (2 * c)), layer.Bias[(((of * windowRows) + first + r) * n) + c]);
        }

        return _constants[(of, first)] = new Constant(bytes);
    }
}
