using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Specification.Coverage;

/// <summary>Names what is special about an instruction's flags, sizes and places: the axes of the coverage.</summary>
public sealed class Shapes(Machine machine)
{
    private int BankBytes => machine.Scratchpad.BankBytes;

    /// <summary>The combination of flags, one of <see cref="CoverageBins.Flags"/>.</summary>
    public static string FlagsOf(Instruction i) => i.Opcode switch
    {
        Opcode.Compute => i.Flag(Compute.Shift7) ? "accumulate+shift7" : i.Flag(Compute.Accumulate) ? "accumulate" : "set",
        Opcode.LoadDynamic => i.Flag(LoadDynamic.ByColumns) ? "by columns" : "by rows",
        Opcode.Requantize => (i.Flag(Requantize.PerRow) ? "row " : "column ")
            + (i.Flag(Requantize.Accumulate) ? "int16+accumulate"
                : i.Flag(Requantize.Wide) ? "int16"
                : i.Flag(Requantize.UseTable) ? "int8+table" : "int8"),
        Opcode.LayerNorm => (i.Flag(LayerNorm.Write8) ? "8" : "") + (i.Flag(LayerNorm.Write16) ? "16" : "") + (i.Flag(LayerNorm.Rms) ? "+rms" : ""),
        Opcode.Softmax => (i.Flag(Softmax.Causal) ? "causal" : "full") + (i.Flag(Softmax.Masked) ? "+masked" : ""),
        Opcode.Map => $"{(i.Flag(Map.WideSource) ? 16 : 8)}to{(i.Flag(Map.WideOutput) ? 16 : 8)}{(i.Flag(Map.UseTable) ? "+table" : "")}",
        _ => "-",
    };

    /// <summary>Every shape that the instruction has, all of <see cref="CoverageBins.Shapes"/>.</summary>
    public IEnumerable<string> Of(Instruction i) => i.Opcode switch
    {
        Opcode.Load => [.. Rows(i[Load.Rows]), .. Stride(i[Load.Stride], i[Load.RowWords]), .. Port(i[Load.Main], i[Load.Rows] * i[Load.RowWords] * machine.WordBytes)],
        Opcode.Store => [.. Rows(i[Store.Rows]), .. ReadStride(i[Store.Stride], i[Store.RowWords] * machine.WordBytes, i[Store.Rows]), .. Port(i[Store.Main], i[Store.Rows] * i[Store.RowWords] * machine.WordBytes)],
        Opcode.LoadWeights =>
        [
            i[LoadWeights.Tiles] == 1 ? "one tile" : "many tiles", .. If(i[LoadWeights.Tiles] == machine.WeightTiles, "most tiles"),
            $"slot {i[LoadWeights.Slot]}", .. Port(i[LoadWeights.Main], i[LoadWeights.Tiles] * machine.TileRecordBytes),
        ],
        Opcode.LoadParameters =>
        [
            i[LoadParameters.Count] == 2 ? "two entries" : "many entries", .. If(i[LoadParameters.First] == 0, "from the first"),
            .. If(i[LoadParameters.First] + i[LoadParameters.Count] == machine.ParameterEntries, "to the last"),
            .. Port(i[LoadParameters.Main], i[LoadParameters.Count] * 8),
        ],
        Opcode.LoadTable => [i[LoadTable.Slot] == 0 ? "first table" : "another table", .. Port(i[LoadTable.Main], 256)],
        Opcode.LoadDynamic =>
        [
            i[LoadDynamic.KLength] % machine.Rows == 0 ? "whole tiles" : "ragged tiles", .. If(i[LoadDynamic.KLength] == 1, "k of one"),
            .. Columns(i[LoadDynamic.Columns]), $"slot {i[LoadDynamic.Slot]}", .. If(i[LoadDynamic.Stride] == 0, "stride 0"),
        ],
        Opcode.Compute => ComputeShapes(i),
        Opcode.Requantize => RequantizeShapes(i),
        Opcode.LayerNorm =>
        [
            .. Rows(i[LayerNorm.Rows]), .. Groups(i[LayerNorm.Columns]), .. If(i[LayerNorm.Columns] == 1024, "longest row"),
            .. If(i.Flag(LayerNorm.Write16) && i[LayerNorm.Output16] == i[LayerNorm.Source], "in place"),
            .. If(i.Flag(LayerNorm.Write8), Banks(i[LayerNorm.Source], i[LayerNorm.Output8])),
            .. If(i.Flag(LayerNorm.Write16), Banks(i[LayerNorm.Source], i[LayerNorm.Output16])),
        ],
        Opcode.Softmax => SoftmaxShapes(i),
        Opcode.Map =>
        [
            .. Rows(i[Map.Rows]), .. Groups(i[Map.Columns]), Banks(i[Map.Source], i[Map.Output]),
            .. If(i[Map.Source] == i[Map.Output], "in place"), .. If(i[Map.SourceStride] == 0, "stride 0"), .. If(i[Map.SourceStride] != i[Map.OutputStride], "unlike strides"),
            .. If(i[Map.Output] % machine.WordBytes != 0, "within a word"),
        ],
        Opcode.Add => AddShapes(i),
        _ => ["-"],
    };

    private IEnumerable<string> ComputeShapes(Instruction i)
    {
        uint rows = i[Compute.Rows];
        return
        [
            i[Compute.Tiles] switch { 0 => "no tiles", 1 => "one tile", _ => "many tiles" },
            .. Rows(rows), .. If(rows == machine.AccumulatorRows, "most rows"), .. If(rows > machine.Rows + machine.Columns + 2, "rows hide the fill"),
            $"slot {i[Compute.Slot]}", $"half {i[Compute.Half]}", .. If(i[Compute.Stride] == 0, "stride 0"),
            .. If(i[Compute.Tiles] == machine.WeightTiles, "most tiles"),
        ];
    }

    private IEnumerable<string> RequantizeShapes(Instruction i)
    {
        uint bytes = i.Flag(Requantize.Wide) ? 2u : 1;
        return
        [
            .. Rows(i[Requantize.Rows]), .. If(i[Requantize.Rows] == machine.AccumulatorRows, "most rows"),
            .. Columns(i[Requantize.Columns]), .. Groups(i[Requantize.Columns]), $"half {i[Requantize.Half]}",
            .. If(i[Requantize.Stride] * machine.WordBytes > (i[Requantize.Columns] * bytes) + machine.WordBytes, "wide stride"),
            .. If(i[Requantize.Output] % machine.WordBytes != 0, "within a word"),
            .. If(i[Requantize.Shift] == 0, "shift 0"), .. If(i[Requantize.Shift] >= 48, "long shift"),
        ];
    }

    private IEnumerable<string> SoftmaxShapes(Instruction i)
    {
        uint columns = i[Softmax.Columns];
        uint last = i[Softmax.Length0] + (i.Flag(Softmax.Causal) ? i[Softmax.Rows] - 1 : 0);
        return
        [
            .. Rows(i[Softmax.Rows]), .. Groups(columns), Banks(i[Softmax.Source], i[Softmax.Output]),
            .. If(i[Softmax.Source] == i[Softmax.Output], "in place"), .. If(i[Softmax.Length0] == 0, "first row empty"),
            .. If(last < columns, "shorter than the row"), .. If(last > columns, "longer than the row"), .. If(columns > 64, "over one mask entry"),
        ];
    }

    private IEnumerable<string> AddShapes(Instruction i)
    {
        long[] banks = [.. new[] { i[Add.A], i[Add.B], i[Add.Output] }.Select(a => (long)a / BankBytes).Distinct()];
        return
        [
            .. Rows(i[Add.Rows]), .. Groups(i[Add.Columns]), banks.Length switch { 1 => "one bank", 2 => "two banks", _ => "three banks" },
            i[Add.Output] == i[Add.A] ? "onto a" : i[Add.Output] == i[Add.B] ? "onto b" : "elsewhere", .. If(i[Add.A] == i[Add.B], "a is b"),
        ];
    }

    private static IEnumerable<string> Rows(uint rows) => [rows == 1 ? "one row" : "many rows"];

    private IEnumerable<string> Columns(uint columns) =>
        [.. If(columns == 1, "one column"), columns == machine.Columns ? "all columns" : "fewer columns"];

    private IEnumerable<string> Groups(uint columns) =>
        [columns % machine.Lanes == 0 ? "whole groups" : "ragged group", .. If(columns == 1, "one element")];

    private string Banks(uint a, uint b) => a / BankBytes == b / BankBytes ? "same bank" : "other bank";

    private static IEnumerable<string> Stride(uint stride, uint words) => [stride == words ? "dense" : "wide stride"];

    private IEnumerable<string> ReadStride(uint stride, long rowBytes, uint rows) =>
        [stride * machine.WordBytes == rowBytes ? "dense" : stride * machine.WordBytes < rowBytes && rows > 1 ? "rows overlap" : "wide stride"];

    private IEnumerable<string> Port(long address, long bytes)
    {
        MemoryRegion region = machine.Regions.Single(r => address >= r.Base && address < r.Base + r.Bytes);
        bool crosses = (address / region.MaxBurstBytes) != ((address + bytes - 1) / region.MaxBurstBytes);
        bool page = region.PageBytes > 0 && address / region.PageBytes != (address + bytes - 1) / region.PageBytes;
        return [crosses ? "many bursts" : "one burst", .. If(page, "crosses a page"), .. If(address % region.MaxBurstBytes != 0, "starts within a burst")];
    }

    private static IEnumerable<string> If(bool condition, string shape) => condition ? [shape] : [];
}
