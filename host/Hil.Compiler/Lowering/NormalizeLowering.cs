using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>Lowers layer norms and pointwise maps, in pieces of rows short enough to make way for the products that they overlap with.</summary>
internal sealed class NormalizeLowering(Plan plan, long pieceCycles)
{
    private readonly Plan _plan = plan;
    private readonly long _pieceCycles = pieceCycles;

    /// <summary>Parameter entries of a layer norm: one a column, and the header after the last lane group.</summary>
    public static int Entries(Machine machine, int columns) => Header(machine, columns) + 1;

    private static int Header(Machine machine, int columns) => (columns + machine.Lanes - 1) / machine.Lanes * machine.Lanes;

    /// <summary>Loads the parameters of a layer norm.</summary>
    /// <param name="reserved">Into entries that were set aside.</param>
    public (int First, object Content) Load(QNormalize layer, int columns, bool reserved)
    {
        int header = Header(_plan.Machine, columns);
        var entries = new ParameterEntries(header + 1);
        for (int c = 0; c < columns; c++) entries.Set(c, layer.Bias[c], layer.Gain[c]);
        entries.Set(header, unchecked((int)layer.Epsilon), 0, layer.Shift8, layer.Shift16);
        return _plan.LoadParameters(entries.ToConstant(), reserved);
    }

    /// <param name="layer">What is lowered.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="source">Int16 rows.</param>
    /// <param name="output8">Int8 rows, or null.</param>
    /// <param name="output16">Int16 rows, or null; may be the source.</param>
    /// <param name="blocks">No piece reaches over one's end.</param>
    /// <param name="parameters">As <see cref="Load"/> gives them.</param>
    public void Normalize(
        QNormalize layer, int columns, TensorView source, TensorView? output8, TensorView? output16, IReadOnlyList<RowBlock> blocks, (int First, object Content) parameters)
    {
        int header = Header(_plan.Machine, columns);
        (int index, object content) = parameters;
        long perRow = _plan.Durations.LayerNorm(1, columns, 0, output8 is null ? -1 : 0, output16 is null ? -1 : 0) - 8;
        foreach (Piece piece in Pieces(blocks, perRow))
        {
            Operation op = _plan.New(
                StepKind.LayerNorm, Unit.Vector,
                Instruction.Of(
                    LayerNorm.Definition, (LayerNorm.Rows, (uint)piece.Rows), (LayerNorm.Columns, (uint)columns), (LayerNorm.Index, (uint)index),
                    (LayerNorm.Write8, output8 is null ? 0u : 1u), (LayerNorm.Write16, output16 is null ? 0u : 1u),
                    (LayerNorm.Rms, layer.Rms ? 1u : 0u)),
                piece: piece);
            Add(op, LayerNorm.Source, source, piece, false);
            if (output8 is not null) Add(op, LayerNorm.Output8, output8, piece, true);
            if (output16 is not null) Add(op, LayerNorm.Output16, output16, piece, true);
            op.Entries.Add(new(EntryKind.Parameters, index, header + 1, false, content));
            _plan.Append(op);
        }
    }

    public void Map(QMap layer, int columns, TensorView source, TensorView output, IReadOnlyList<RowBlock> blocks)
    {
        var entries = new ParameterEntries(1);
        entries.Set(0, layer.Bias, layer.Multiplier, layer.Shift);
        (int index, object content) = _plan.LoadParameters(entries.ToConstant());
        Constant? table = layer.Table.IsEmpty ? null : new Constant([.. layer.Table.Select(v => unchecked((byte)v))]);
        int slot = table is null ? 0 : _plan.LoadTable(table);
        foreach (Piece piece in Pieces(blocks, 2 * _plan.Durations.Groups(columns)))
        {
            Operation op = _plan.New(
                StepKind.Map, Unit.Vector,
                Instruction.Of(
                    Contract.Isa.Map.Definition, (Contract.Isa.Map.SourceStride, (uint)(source.StrideBytes / _plan.WordBytes)),
                    (Contract.Isa.Map.OutputStride, (uint)(output.StrideBytes / _plan.WordBytes)), (Contract.Isa.Map.Rows, (uint)piece.Rows),
                    (Contract.Isa.Map.Columns, (uint)columns), (Contract.Isa.Map.Index, (uint)index),
                    (Contract.Isa.Map.WideSource, source.ElementBytes == 2 ? 1u : 0u), (Contract.Isa.Map.WideOutput, output.ElementBytes == 2 ? 1u : 0u),
                    (Contract.Isa.Map.UseTable, table is null ? 0u : 1u), (Contract.Isa.Map.TableSlot, (uint)slot)),
                piece: piece);
            Add(op, Contract.Isa.Map.Source, source, piece, false);
            Add(op, Contract.Isa.Map.Output, output, piece, true);
            op.Entries.Add(new(EntryKind.Parameters, index, 1, false, content));
            if (table is not null) op.Entries.Add(new(EntryKind.Table, slot, 1, false, table));
            _plan.Append(op);
        }
    }

    private IEnumerable<Piece> Pieces(IReadOnlyList<RowBlock> blocks, long perRow)
    {
        int most = (int)Math.Clamp(_pieceCycles / Math.Max(1, perRow), 1, 4095);
        return _plan.Pieces.Cut(blocks.SelectMany(
            b => ProductLowering.Blocks(b.Rows, Math.Min(most, b.Rows)).Select(p => (p with { Row = p.Row + b.Row }, Math.Min(4095, b.Rows - p.Row)))));
    }

    private static void Add(Operation op, Field field, TensorView view, Piece piece, bool writes)
    {
        (Region region, long offset) = view.Locate(piece.Row, piece.Rows);
        op.Operands.Add(new(field, region, offset, (long)view.Columns * view.ElementBytes, piece.Rows, view.StrideBytes, writes));
    }
}
