using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Specification.Forms;

/// <summary>Which rule an instruction breaks first, written from docs/isa.md without the tables that the contract's own check is made of.</summary>
public static class LegalForm
{
    public static TrapReason Check(Instruction i, Machine m)
    {
        ArgumentNullException.ThrowIfNull(m);
        if (InstructionSet.Find(i.Opcode) is not { } definition)
        {
            return TrapReason.IllegalOpcode;
        }

        if (i.Opcode == Opcode.Store && !m.Regions.Any(r => r.Writable))
        {
            return TrapReason.NotOnThisMachine;
        }

        if (definition.Fields.Aggregate(i.Word >> 14, (rest, f) => rest & ~(f.Mask >> 14)) != UInt128.Zero)
        {
            return TrapReason.ReservedBits;
        }

        uint tokens = (uint)i.Wait | (uint)i.Post;
        if (i.Opcode == Opcode.End ? tokens != 0 : (tokens >> (int)definition.Unit & 1) != 0)
        {
            return TrapReason.OwnUnitToken;
        }

        return !CountsFit(i, m) ? TrapReason.CountOutOfRange
            : !IsAligned(i, m) ? TrapReason.Misaligned
            : !IndicesFit(i, m) ? TrapReason.IndexOutOfRange
            : !FlagsAgree(i) ? TrapReason.IllegalFlags
            : TrapReason.None;
    }

    private static bool CountsFit(Instruction i, Machine m) => i.Opcode switch
    {
        Opcode.Load => i[Load.Rows] >= 1 && i[Load.RowWords] >= 1,
        Opcode.Store => i[Store.Rows] >= 1 && i[Store.RowWords] >= 1,
        Opcode.LoadWeights => Within(i[LoadWeights.Tiles], 1, m.WeightTiles),
        Opcode.LoadDynamic => Within(i[LoadDynamic.KLength], 1, m.Rows * m.WeightTiles) && Within(i[LoadDynamic.Columns], 1, m.Columns),
        Opcode.LoadParameters => i[LoadParameters.Count] >= 2,
        Opcode.Compute => Within(i[Compute.Rows], 1, m.AccumulatorRows) && Within(i[Compute.Tiles], 0, m.WeightTiles),
        Opcode.Requantize => Within(i[Requantize.Rows], 1, m.AccumulatorRows) && Within(i[Requantize.Columns], 1, m.Columns),
        Opcode.LayerNorm => i[LayerNorm.Rows] >= 1 && Within(i[LayerNorm.Columns], 1, 1024),
        Opcode.Softmax => i[Softmax.Rows] >= 1 && i[Softmax.Columns] >= 1,
        Opcode.Map => i[Map.Rows] >= 1 && i[Map.Columns] >= 1,
        Opcode.Add => i[Add.Rows] >= 1 && i[Add.Columns] >= 1,
        _ => true,
    };

    private static bool IsAligned(Instruction i, Machine m)
    {
        bool Word(params ReadOnlySpan<Field> fields)
        {
            foreach (Field field in fields)
            {
                if (i[field] % m.WordBytes != 0)
                {
                    return false;
                }
            }

            return true;
        }

        bool Main(Field field) => i[field] % 16 == 0;
        bool Group(Field field, Field wide) => i[field] % Math.Min(m.Lanes * (i.Flag(wide) ? 2 : 1), m.WordBytes) == 0;
        bool Lanes(Field field) => i[field] % m.Lanes == 0;
        return i.Opcode switch
        {
            Opcode.Load => Main(Load.Main) && Word(Load.Scratch),
            Opcode.Store => Main(Store.Main) && Word(Store.Scratch),
            Opcode.LoadWeights => Main(LoadWeights.Main),
            Opcode.LoadDynamic => i[LoadDynamic.Scratch] % (i.Flag(LoadDynamic.ByColumns) ? m.Rows : m.Columns) == 0,
            Opcode.LoadParameters => Main(LoadParameters.Main) && i[LoadParameters.First] % 2 == 0 && i[LoadParameters.Count] % 2 == 0,
            Opcode.LoadTable => Main(LoadTable.Main),
            Opcode.Compute => Word(Compute.Source),
            Opcode.Requantize => Group(Requantize.Output, Requantize.Wide) && (i.Flag(Requantize.PerRow) || Lanes(Requantize.Index)),
            Opcode.LayerNorm => Word(LayerNorm.Source, LayerNorm.Output8, LayerNorm.Output16) && Lanes(LayerNorm.Index),
            Opcode.Softmax => Word(Softmax.Source, Softmax.Output) && Lanes(Softmax.Index),
            Opcode.Map => Group(Map.Source, Map.WideSource) && Group(Map.Output, Map.WideOutput) && Lanes(Map.Index),
            Opcode.Add => Word(Add.A, Add.B, Add.Output) && Lanes(Add.Index),
            _ => true,
        };
    }

    private static bool IndicesFit(Instruction i, Machine m)
    {
        long lanes = m.Lanes;
        bool Entries(long first, long count) => first + count <= m.ParameterEntries;
        bool Scales(long first, long count) => first + count <= m.RowScaleEntries;
        return i.Opcode switch
        {
            Opcode.LoadParameters => Entries(i[LoadParameters.First], i[LoadParameters.Count]),
            Opcode.LoadTable => i[LoadTable.Slot] < m.TableSlots,
            Opcode.Requantize => i[Requantize.TableSlot] < m.TableSlots
                && (i.Flag(Requantize.PerRow)
                    ? Scales(i[Requantize.Index], i[Requantize.Rows])
                    : Entries(i[Requantize.Index], i[Requantize.Columns])),
            Opcode.LayerNorm => Entries(i[LayerNorm.Index], ((i[LayerNorm.Columns] + lanes - 1) / lanes * lanes) + 1),
            Opcode.Softmax => Scales(i[Softmax.RowScale], i[Softmax.Rows])
                && Entries(i[Softmax.Index], i.Flag(Softmax.Masked) ? lanes + ((i[Softmax.Columns] + 63) / 64) : 1),
            Opcode.Map => Entries(i[Map.Index], 1) && i[Map.TableSlot] < m.TableSlots,
            Opcode.Add => Entries(i[Add.Index], lanes + 1),
            _ => true,
        };
    }

    private static bool FlagsAgree(Instruction i) => i.Opcode switch
    {
        Opcode.Compute => i.Flag(Compute.Accumulate) || !i.Flag(Compute.Shift7),
        Opcode.Requantize => (i.Flag(Requantize.Wide) || !i.Flag(Requantize.Accumulate))
            && !(i.Flag(Requantize.Wide) && i.Flag(Requantize.UseTable))
            && (i.Flag(Requantize.UseTable) || i[Requantize.TableSlot] == 0),
        Opcode.LayerNorm => (i.Flag(LayerNorm.Write8) || i[LayerNorm.Output8] == 0)
            && (i.Flag(LayerNorm.Write16) || i[LayerNorm.Output16] == 0)
            && (i.Flag(LayerNorm.Write8) || i.Flag(LayerNorm.Write16)),
        Opcode.Map => !(i.Flag(Map.WideOutput) && i.Flag(Map.UseTable)) && (i.Flag(Map.UseTable) || i[Map.TableSlot] == 0),
        _ => true,
    };

    private static bool Within(long value, long least, long most) => value >= least && value <= most;
}
