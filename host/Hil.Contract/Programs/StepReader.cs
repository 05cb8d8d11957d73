using Hil.Contract.Isa;
using Hil.Contract.Machines;
using IsaAdd = Hil.Contract.Isa.Add;
using IsaCompute = Hil.Contract.Isa.Compute;
using IsaLoad = Hil.Contract.Isa.Load;
using IsaMap = Hil.Contract.Isa.Map;
using IsaStore = Hil.Contract.Isa.Store;

namespace Hil.Contract.Programs;

/// <summary>The sizes of an instruction as a <see cref="Step"/>.</summary>
internal sealed class StepReader(Machine machine)
{
    private static readonly Step Nothing = new(StepKind.Load, 0, 0, 0, 0, false, false, 0, 0, []);

    public Step Read(Instruction i) => i.Opcode switch
    {
        Opcode.Load => Port(
            StepKind.Load, i[IsaLoad.Main], (long)i[IsaLoad.Rows] * i[IsaLoad.RowWords] * machine.WordBytes),
        Opcode.Store => Port(
            StepKind.Store, i[IsaStore.Main], (long)i[IsaStore.Rows] * i[IsaStore.RowWords] * machine.WordBytes),
        Opcode.LoadWeights => Port(
            StepKind.LoadWeights, i[LoadWeights.Main], (long)i[LoadWeights.Tiles] * machine.TileRecordBytes) with { Tiles = i[LoadWeights.Tiles] },
        Opcode.LoadParameters => Port(StepKind.LoadParameters, i[LoadParameters.Main], 8L * i[LoadParameters.Count]),
        Opcode.LoadTable => Port(StepKind.LoadTable, i[LoadTable.Main], 256),
        Opcode.LoadDynamic => Nothing with
        {
            Kind = i.Flag(LoadDynamic.ByColumns) ? StepKind.LoadDynamicColumns : StepKind.LoadDynamicRows,
            Rows = (int)i[LoadDynamic.KLength],
            Columns = (int)i[LoadDynamic.Columns],
        },
        Opcode.Compute => Nothing with
        {
            Kind = StepKind.Compute,
            Rows = (int)i[IsaCompute.Rows],
            Columns = machine.Columns,
            Tiles = i[IsaCompute.Tiles],
            Accumulate = i.Flag(IsaCompute.Accumulate),
        },
        Opcode.Requantize => Nothing with
        {
            Kind = i.Flag(Requantize.PerRow) ? StepKind.RequantizeRows : StepKind.RequantizeColumns,
            Rows = (int)i[Requantize.Rows],
            Columns = (int)i[Requantize.Columns],
            Wide = i.Flag(Requantize.Wide),
            Accumulate = i.Flag(Requantize.Accumulate),
        },
        Opcode.LayerNorm => Vector(
            StepKind.LayerNorm, i[LayerNorm.Rows], i[LayerNorm.Columns], 2, 0,
            Bank(i[LayerNorm.Source]),
            i.Flag(LayerNorm.Write8) ? Bank(i[LayerNorm.Output8]) : -1,
            i.Flag(LayerNorm.Write16) ? Bank(i[LayerNorm.Output16]) : -1),
        Opcode.Softmax => Vector(
            StepKind.Softmax, i[Softmax.Rows], i[Softmax.Columns], 2, 1, Bank(i[Softmax.Source]), Bank(i[Softmax.Output])),
        Opcode.Map => Vector(
            StepKind.Map, i[IsaMap.Rows], i[IsaMap.Columns],
            i.Flag(IsaMap.WideSource) ? 2 : 1, i.Flag(IsaMap.WideOutput) ? 2 : 1, Bank(i[IsaMap.Source]), Bank(i[IsaMap.Output])),
        Opcode.Add => Vector(
            StepKind.Add, i[IsaAdd.Rows], i[IsaAdd.Columns], 2, 2, Bank(i[IsaAdd.A]), Bank(i[IsaAdd.B]), Bank(i[IsaAdd.Output])),
        _ => throw new ArgumentException($"{i.Opcode} is no step of a loop."),
    };

    /// <summary>A step without what may differ between iterations: bursts, and in a pruned layer the number of tiles.</summary>
    public static Step Key(Step step, bool pruned) => step with
    {
        Banks = BankPattern.Of(step.Banks),
        Tiles = pruned && step.Tiles > 0 ? 1 : step.Tiles,
        Bytes = pruned && step.Kind == StepKind.LoadWeights ? 1 : step.Bytes,
        Bursts = 0,
        FirstBurstBytes = 0,
        PagesCrossed = 0,
    };

    private Step Port(StepKind kind, uint main, long bytes)
    {
        int index = 0;
        while (index < machine.Regions.Count - 1
               && (main < machine.Regions[index].Base || main >= machine.Regions[index].Base + machine.Regions[index].Bytes))
        {
            index++;
        }

        MemoryRegion region = machine.Regions[index];
        long firstBurst = Math.Min(bytes, region.MaxBurstBytes - (main % region.MaxBurstBytes));
        (long at, long left, int bursts, long pages) = (main, bytes, 0, 0);
        while (left > 0)
        {
            long burst = Math.Min(left, region.MaxBurstBytes - (at % region.MaxBurstBytes));
            pages += region.PageBytes == 0 ? 0 : ((at + burst - 1) / region.PageBytes) - (at / region.PageBytes);
            (at, left, bursts) = (at + burst, left - burst, bursts + 1);
        }

        return Nothing with { Kind = kind, Bytes = bytes, Region = index, Bursts = bursts, FirstBurstBytes = firstBurst, PagesCrossed = pages };
    }

    private static Step Vector(StepKind kind, uint rows, uint columns, int widthIn, int widthOut, params int[] banks) =>
        Nothing with { Kind = kind, Rows = (int)rows, Columns = (int)columns, WidthIn = widthIn, WidthOut = widthOut, Banks = banks };

    private int Bank(uint address) => (int)(address / (uint)machine.Scratchpad.BankBytes);

    /// <summary>Only which operands share a bank matters; equal patterns are one list, so that keys compare by reference.</summary>
    private static class BankPattern
    {
        private static readonly int[][] All =
        [
            [], [0, 0], [0, 1], [0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [0, 1, 2],
            [0, 0, -1], [0, 1, -1], [0, -1, 0], [0, -1, 1], [0, -1, -1],
        ];

        public static int[] Of(IReadOnlyList<int> banks)
        {
            int[] pattern = [.. banks.Select(b => b < 0 ? -1 : FirstOf(banks, b))];
            return All.First(p => p.AsSpan().SequenceEqual(pattern));
        }

        private static int FirstOf(IReadOnlyList<int> banks, int bank)
        {
            var seen = new List<int>();
            foreach (int b in banks)
            {
                if (b >= 0 && !seen.Contains(b))
                {
                    seen.Add(b);
                }
            }

            return seen.IndexOf(bank);
        }
    }
}
