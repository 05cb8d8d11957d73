using Hil.Contract.Isa;
using Hil.Contract.Machines;
using static Hil.Contract.Isa.TrapReason;

namespace Hil.Specification.Forms;

/// <summary>Illegal forms of the load, compute and store units.</summary>
internal static class LoadForms
{
    public static void Add(FormList list, Machine m)
    {
        AddRows(list, m);
        AddWeights(list, m);
        AddParameters(list, m);
        AddCompute(list, m);
    }

    private static void AddRows(FormList list, Machine m)
    {
        Instruction load = IllegalForms.Legal(Load.Definition);
        list.Set(load, CountOutOfRange, (Load.Rows, 0));
        list.Set(load, CountOutOfRange, (Load.RowWords, 0));
        Instruction store = IllegalForms.Legal(Store.Definition);
        list.Set(store, CountOutOfRange, (Store.Rows, 0));
        list.Set(store, CountOutOfRange, (Store.RowWords, 0));
        for (int low = 1; low < 16; low *= 2)
        {
            list.Set(load, Misaligned, (Load.Main, 256 + low));
            list.Set(store, Misaligned, (Store.Main, 256 + low));
        }

        for (int low = 1; low < m.WordBytes; low *= 2)
        {
            list.Set(load, Misaligned, (Load.Scratch, m.WordBytes + low));
            list.Set(store, Misaligned, (Store.Scratch, m.WordBytes + low));
        }

        if (!m.Regions.Any(r => r.Writable))
        {
            list.Set(store, NotOnThisMachine);
        }
    }

    private static void AddWeights(FormList list, Machine m)
    {
        Instruction weights = IllegalForms.Legal(LoadWeights.Definition);
        list.Set(weights, CountOutOfRange, (LoadWeights.Tiles, 0));
        list.Set(weights, CountOutOfRange, (LoadWeights.Tiles, m.WeightTiles + 1L));
        list.Set(weights, Misaligned, (LoadWeights.Main, 8));
        Instruction dynamic = IllegalForms.Legal(LoadDynamic.Definition);
        list.Set(dynamic, CountOutOfRange, (LoadDynamic.KLength, 0));
        list.Set(dynamic, CountOutOfRange, (LoadDynamic.KLength, ((long)m.Rows * m.WeightTiles) + 1));
        list.Set(dynamic, CountOutOfRange, (LoadDynamic.Columns, 0));
        list.Set(dynamic, CountOutOfRange, (LoadDynamic.Columns, m.Columns + 1L));
        if (m.Columns > 1)
        {
            list.Set(dynamic, Misaligned, (LoadDynamic.Scratch, m.Columns / 2));
        }

        if (m.Rows > 1)
        {
            list.Set(dynamic, Misaligned, (LoadDynamic.Scratch, m.Rows / 2), (LoadDynamic.ByColumns, 1));
        }
    }

    private static void AddParameters(FormList list, Machine m)
    {
        Instruction parameters = IllegalForms.Legal(LoadParameters.Definition);
        list.Set(parameters, CountOutOfRange, (LoadParameters.Count, 0));
        list.Set(parameters, CountOutOfRange, (LoadParameters.Count, 1));
        list.Set(parameters, Misaligned, (LoadParameters.Main, 1));
        list.Set(parameters, Misaligned, (LoadParameters.First, 1));
        list.Set(parameters, Misaligned, (LoadParameters.Count, 3));
        list.Set(parameters, IndexOutOfRange, (LoadParameters.First, m.ParameterEntries));
        list.Set(parameters, IndexOutOfRange, (LoadParameters.Count, m.ParameterEntries + 2L));
        list.Set(parameters, IndexOutOfRange, (LoadParameters.First, 2), (LoadParameters.Count, m.ParameterEntries));
        Instruction table = IllegalForms.Legal(LoadTable.Definition);
        list.Set(table, Misaligned, (LoadTable.Main, 4));
        list.Set(table, IndexOutOfRange, (LoadTable.Slot, m.TableSlots));
    }

    private static void AddCompute(FormList list, Machine m)
    {
        Instruction compute = IllegalForms.Legal(Compute.Definition);
        list.Set(compute, CountOutOfRange, (Compute.Rows, 0));
        list.Set(compute, CountOutOfRange, (Compute.Rows, m.AccumulatorRows + 1L));
        list.Set(compute, CountOutOfRange, (Compute.Tiles, m.WeightTiles + 1L));
        list.Set(compute, Misaligned, (Compute.Source, m.WordBytes / 2));
        list.Set(compute, IllegalFlags, (Compute.Shift7, 1));
    }
}
