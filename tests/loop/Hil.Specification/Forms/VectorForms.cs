using Hil.Contract.Isa;
using Hil.Contract.Machines;
using static Hil.Contract.Isa.TrapReason;

namespace Hil.Specification.Forms;

/// <summary>Illegal forms of the vector unit.</summary>
internal static class VectorForms
{
    public static void Add(FormList list, Machine m)
    {
        AddRequantize(list, m);
        AddNorm(list, m);
        AddSoftmax(list, m);
        AddMap(list, m);
        AddAdd(list, m);
    }

    private static void AddRequantize(FormList list, Machine m)
    {
        Instruction i = IllegalForms.Legal(Requantize.Definition);
        list.Set(i, CountOutOfRange, (Requantize.Rows, 0));
        list.Set(i, CountOutOfRange, (Requantize.Rows, m.AccumulatorRows + 1L));
        list.Set(i, CountOutOfRange, (Requantize.Columns, 0));
        list.Set(i, CountOutOfRange, (Requantize.Columns, m.Columns + 1L));
        if (m.Lanes > 1)
        {
            list.Set(i, Misaligned, (Requantize.Output, m.Lanes / 2));
            list.Set(i, Misaligned, (Requantize.Index, m.Lanes / 2));
        }

        list.Set(i, Misaligned, (Requantize.Output, Math.Min(2 * m.Lanes, m.WordBytes) / 2), (Requantize.Wide, 1));
        list.Set(i, IndexOutOfRange, (Requantize.Index, m.ParameterEntries));
        list.Set(i, IndexOutOfRange, (Requantize.Index, m.RowScaleEntries), (Requantize.PerRow, 1));
        list.Set(i, IndexOutOfRange, (Requantize.TableSlot, m.TableSlots), (Requantize.UseTable, 1));
        list.Set(i, IllegalFlags, (Requantize.Accumulate, 1));
        list.Set(i, IllegalFlags, (Requantize.UseTable, 1), (Requantize.Wide, 1));
        list.Set(i, m.TableSlots > 1 ? IllegalFlags : IndexOutOfRange, (Requantize.TableSlot, 1));
    }

    private static void AddNorm(FormList list, Machine m)
    {
        Instruction i = IllegalForms.Legal(LayerNorm.Definition);
        list.Set(i, CountOutOfRange, (LayerNorm.Rows, 0));
        list.Set(i, CountOutOfRange, (LayerNorm.Columns, 0));
        list.Set(i, CountOutOfRange, (LayerNorm.Columns, 1025));
        list.Set(i, Misaligned, (LayerNorm.Source, m.WordBytes / 2));
        list.Set(i, Misaligned, (LayerNorm.Output8, m.WordBytes / 2), (LayerNorm.Write8, 1));
        list.Set(i, Misaligned, (LayerNorm.Output16, m.WordBytes / 2));
        if (m.Lanes > 1)
        {
            list.Set(i, Misaligned, (LayerNorm.Index, m.Lanes / 2));
        }

        list.Set(i, IndexOutOfRange, (LayerNorm.Index, m.ParameterEntries - m.Lanes));
        list.Set(i, IllegalFlags, (LayerNorm.Write16, 0));
        list.Set(i, IllegalFlags, (LayerNorm.Output8, m.WordBytes));
        list.Set(i, IllegalFlags, (LayerNorm.Write8, 1), (LayerNorm.Write16, 0), (LayerNorm.Output16, m.WordBytes));
    }

    private static void AddSoftmax(FormList list, Machine m)
    {
        Instruction i = IllegalForms.Legal(Softmax.Definition);
        list.Set(i, CountOutOfRange, (Softmax.Rows, 0));
        list.Set(i, CountOutOfRange, (Softmax.Columns, 0));
        list.Set(i, Misaligned, (Softmax.Source, m.WordBytes / 2));
        list.Set(i, Misaligned, (Softmax.Output, m.WordBytes / 2));
        if (m.Lanes > 1)
        {
            list.Set(i, Misaligned, (Softmax.Index, m.Lanes / 2));
        }

        list.Set(i, IndexOutOfRange, (Softmax.Index, m.ParameterEntries));
        list.Set(i, IndexOutOfRange, (Softmax.Index, m.ParameterEntries - m.Lanes), (Softmax.Masked, 1));
        list.Set(i, IndexOutOfRange, (Softmax.RowScale, m.RowScaleEntries));
        list.Set(i, IndexOutOfRange, (Softmax.Rows, m.RowScaleEntries + 1L));
    }

    private static void AddMap(FormList list, Machine m)
    {
        Instruction i = IllegalForms.Legal(Map.Definition);
        list.Set(i, CountOutOfRange, (Map.Rows, 0));
        list.Set(i, CountOutOfRange, (Map.Columns, 0));
        if (m.Lanes > 1)
        {
            list.Set(i, Misaligned, (Map.Source, m.Lanes / 2));
            list.Set(i, Misaligned, (Map.Output, m.Lanes / 2));
            list.Set(i, Misaligned, (Map.Index, m.Lanes / 2));
        }

        int wideGroup = Math.Min(2 * m.Lanes, m.WordBytes);
        list.Set(i, Misaligned, (Map.Source, wideGroup / 2), (Map.WideSource, 1));
        list.Set(i, Misaligned, (Map.Output, wideGroup / 2), (Map.WideOutput, 1));
        list.Set(i, IndexOutOfRange, (Map.Index, m.ParameterEntries));
        list.Set(i, IndexOutOfRange, (Map.TableSlot, m.TableSlots), (Map.UseTable, 1));
        list.Set(i, IllegalFlags, (Map.UseTable, 1), (Map.WideOutput, 1));
        list.Set(i, m.TableSlots > 1 ? IllegalFlags : IndexOutOfRange, (Map.TableSlot, 1));
    }

    private static void AddAdd(FormList list, Machine m)
    {
        Instruction i = IllegalForms.Legal(Contract.Isa.Add.Definition);
        list.Set(i, CountOutOfRange, (Contract.Isa.Add.Rows, 0));
        list.Set(i, CountOutOfRange, (Contract.Isa.Add.Columns, 0));
        list.Set(i, Misaligned, (Contract.Isa.Add.A, m.WordBytes / 2));
        list.Set(i, Misaligned, (Contract.Isa.Add.B, m.WordBytes / 2));
        list.Set(i, Misaligned, (Contract.Isa.Add.Output, m.WordBytes / 2));
        if (m.Lanes > 1)
        {
            list.Set(i, Misaligned, (Contract.Isa.Add.Index, m.Lanes / 2));
        }

        list.Set(i, IndexOutOfRange, (Contract.Isa.Add.Index, m.ParameterEntries - m.Lanes));
    }
}
