using System.Buffers.Binary;
using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Compiler.Lowering;

/// <summary>Rows of a region as one operand sees them.</summary>
/// <param name="StrideBytes">From row to row.</param>
internal readonly record struct RowsAt(Region Region, long Offset, int StrideBytes, int ElementBytes)
{
    /// <summary>Rows of a view that lie in one piece, every step-th of them.</summary>
    public static RowsAt Of(TensorView view, int row, int rows, int step = 1)
    {
        (Region region, long offset) = view.Locate(row, ((rows - 1) * step) + 1);
        return new(region, offset, view.StrideBytes * step, view.ElementBytes);
    }
}

/// <summary>Single MAP and ADD instructions, and loads of constant rows.</summary>
internal sealed class VectorSteps(Plan plan)
{
    private readonly Plan _plan = plan;

    /// <summary>The entry of a MAP: y = rhe((x + bias) · multiplier, shift).</summary>
    public (int First, object Content) MapEntry(int bias, int multiplier, int shift)
    {
        var entries = new ParameterEntries(1);
        entries.Set(0, bias, multiplier, shift);
        return _plan.LoadParameters(entries.ToConstant());
    }

    /// <summary>The two entries of an ADD: y = rhe(a · left + b · right, shift).</summary>
    public (int First, object Content) AddEntry(int left, int right, int shift)
    {
        var entries = new ParameterEntries(_plan.Machine.Lanes + 1);
        entries.Set(0, 0, left, shift);
        entries.Set(_plan.Machine.Lanes, 0, right);
        return _plan.LoadParameters(entries.ToConstant());
    }

    /// <summary>A table that changes nothing: int8 results may be −128 only by a table.</summary>
    public (int Slot, Constant Content) IdentityTable()
    {
        var table = new Constant([.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        return (_plan.LoadTable(table), table);
    }

    public void Map(RowsAt source, RowsAt output, int rows, int columns, (int First, object Content) entry, (int Slot, Constant Content)? table = null)
    {
        Operation op = _plan.New(
            StepKind.Map, Unit.Vector,
            Instruction.Of(
                Contract.Isa.Map.Definition, (Contract.Isa.Map.SourceStride, (uint)(source.StrideBytes / _plan.WordBytes)),
                (Contract.Isa.Map.OutputStride, (uint)(output.StrideBytes / _plan.WordBytes)), (Contract.Isa.Map.Rows, (uint)rows),
                (Contract.Isa.Map.Columns, (uint)columns), (Contract.Isa.Map.Index, (uint)entry.First),
                (Contract.Isa.Map.WideSource, source.ElementBytes == 2 ? 1u : 0u), (Contract.Isa.Map.WideOutput, output.ElementBytes == 2 ? 1u : 0u),
                (Contract.Isa.Map.UseTable, table is null ? 0u : 1u), (Contract.Isa.Map.TableSlot, (uint)(table?.Slot ?? 0))),
            background: true);
        op.Operands.Add(Operand(Contract.Isa.Map.Source, source, rows, columns, false));
        op.Operands.Add(Operand(Contract.Isa.Map.Output, output, rows, columns, true));
        op.Entries.Add(new(EntryKind.Parameters, entry.First, 1, false, entry.Content));
        if (table is { } t) op.Entries.Add(new(EntryKind.Table, t.Slot, 1, false, t.Content));
        _plan.Append(op);
    }

    /// <summary>All operands are dense int16.</summary>
    public void Add(RowsAt a, RowsAt b, RowsAt output, int rows, int columns, (int First, object Content) entry)
    {
        Operation op = _plan.New(
            StepKind.Add, Unit.Vector,
            Instruction.Of(
                Contract.Isa.Add.Definition, (Contract.Isa.Add.Rows, (uint)rows), (Contract.Isa.Add.Columns, (uint)columns),
                (Contract.Isa.Add.Index, (uint)entry.First)),
            background: true);
        op.Operands.Add(Operand(Contract.Isa.Add.A, a, rows, columns, false));
        op.Operands.Add(Operand(Contract.Isa.Add.B, b, rows, columns, false));
        op.Operands.Add(Operand(Contract.Isa.Add.Output, output, rows, columns, true));
        op.Entries.Add(new(EntryKind.Parameters, entry.First, _plan.Machine.Lanes + 1, false, entry.Content));
        _plan.Append(op);
    }

    /// <summary>Loads constant int16 rows, every element given by its row and column.</summary>
    public void Load(TensorView view, int first, int count, Func<int, int, short> element)
    {
        foreach (RowPiece piece in view.Pieces)
        {
            int from = Math.Max(first, piece.Row);
            int rows = Math.Min(first + count, piece.Row + piece.Rows) - from;
            if (rows <= 0) continue;
            var bytes = new byte[rows * view.StrideBytes];
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < view.Columns; c++)
                    BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan((r * view.StrideBytes) + (2 * c)), element(from + r, c));
            }

            LoadBytes(RowsAt.Of(view, from, rows), rows, bytes);
        }
    }

    /// <summary>Loads whole rows.</summary>
    public void LoadBytes(RowsAt rowsAt, int rows, byte[] bytes)
    {
        uint words = (uint)(rowsAt.StrideBytes / _plan.WordBytes);
        Operation op = _plan.New(
            StepKind.Load, Unit.Load,
            Instruction.Of(Contract.Isa.Load.Definition, (Contract.Isa.Load.Rows, (uint)rows), (Contract.Isa.Load.RowWords, words), (Contract.Isa.Load.Stride, words)),
            new Constant(bytes));
        op.Operands.Add(new(Contract.Isa.Load.Scratch, rowsAt.Region, rowsAt.Offset, rowsAt.StrideBytes, rows, rowsAt.StrideBytes, true));
        _plan.Append(op);
    }

    private static Operand Operand(Field field, RowsAt at, int rows, int columns, bool writes) =>
        new(field, at.Region, at.Offset, (long)columns * at.ElementBytes, rows, at.StrideBytes, writes);
}
