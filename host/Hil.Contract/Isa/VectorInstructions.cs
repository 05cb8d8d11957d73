namespace Hil.Contract.Isa;

/// <summary>REQUANTIZE: accumulators to int8 or int16 in the scratchpad.</summary>
public static class Requantize
{
    public static readonly Field Output = new("output", 14, 24, "byte address of the output, aligned to a lane group");
    public static readonly Field Stride = new("stride", 38, 12, "words from row to row");
    public static readonly Field Rows = new("rows", 50, 12, "rows, 1 to accumulator rows");
    public static readonly Field Columns = new("columns", 62, 7, "columns, 1 to C");
    public static readonly Field Half = new("half", 69, 1, "accumulator half");
    public static readonly Field Shift = new("shift", 70, 6, "shift");
    public static readonly Field Index = new("index", 76, 12, "first parameter entry, a multiple of the lanes; with perRow the first row scale");
    public static readonly Field Wide = new("wide", 88, 1, "int16 output");
    public static readonly Field Accumulate = new("accumulate", 89, 1, "add to the int16 already there; needs wide");
    public static readonly Field UseTable = new("table", 90, 1, "look the result up in a table; excludes wide");
    public static readonly Field TableSlot = new("tableSlot", 91, 3, "which table; 0 without table");
    public static readonly Field PerRow = new("perRow", 94, 1, "multiplier and extra shift per row, no bias");

    public static readonly InstructionDefinition Definition = new(
        Opcode.Requantize, "REQUANTIZE", Unit.Vector,
        [Output, Stride, Rows, Columns, Half, Shift, Index, Wide, Accumulate, UseTable, TableSlot, PerRow],
        "Scales accumulators with one rounding, per column with bias or per row, to int8 (optionally by a table) or int16 (optionally added to the stream) (numerics, section 5).",
        "",
        "fixed: G*(lineCycles + M*max(b(output), roundCycles)) + startCycles, G's part twice with accumulate; per column N more");
}

/// <summary>LAYER_NORM: int16 rows to int8 and/or int16 rows; with rms, RMSNorm.</summary>
public static class LayerNorm
{
    public static readonly Field Source = new("source", 14, 24, "byte address, dense int16, a multiple of the word");
    public static readonly Field Output8 = new("output8", 38, 24, "byte address of the int8 output, dense, a multiple of the word; 0 unless written");
    public static readonly Field Output16 = new("output16", 62, 24, "byte address of the int16 output, dense, a multiple of the word; 0 unless written");
    public static readonly Field Rows = new("rows", 86, 12, "rows, at least 1");
    public static readonly Field Columns = new("columns", 98, 11, "elements of a row, 1 to 1024");
    public static readonly Field Index = new("index", 109, 12, "first parameter entry, a multiple of the lanes");
    public static readonly Field Write8 = new("write8", 121, 1, "write the int8 output");
    public static readonly Field Write16 = new("write16", 122, 1, "write the int16 output");
    public static readonly Field Rms = new("rms", 123, 1, "root mean square: the mean is not subtracted");

    public static readonly InstructionDefinition Definition = new(
        Opcode.LayerNorm, "LAYER_NORM", Unit.Vector,
        [Source, Output8, Output16, Rows, Columns, Index, Write8, Write16, Rms],
        "Normalises each row by its deviation or, with rms, its root mean square, from exact integer statistics, and writes int8, int16 or both (numerics, section 6).",
        "At least one of write8 and write16. output16 may be the source itself.",
        "fixed: M*(G*max(b(2), statisticsCycles) + normCycles + G*max((2 + outputs)*roundCycles, combine(source; outputs))) + lineCycles + startCycles");
}

/// <summary>SOFTMAX: int16 scores to unnormalised int8 exponentials and row scales.</summary>
public static class Softmax
{
    public static readonly Field Source = new("source", 14, 24, "byte address of the scores, dense int16, a multiple of the word");
    public static readonly Field Output = new("output", 38, 24, "byte address of the exponentials, dense int8, a multiple of the word");
    public static readonly Field Rows = new("rows", 62, 12, "rows, at least 1");
    public static readonly Field Columns = new("columns", 74, 12, "keys of a row, at least 1");
    public static readonly Field Length0 = new("length0", 86, 12, "valid keys of the first row");
    public static readonly Field Index = new("index", 98, 12, "parameter entry with C, then the mask; a multiple of the lanes");
    public static readonly Field RowScale = new("rowScale", 110, 12, "first row scale written");
    public static readonly Field Causal = new("causal", 122, 1, "each row has one valid key more than the row before");
    public static readonly Field Masked = new("masked", 123, 1, "a bitmap of valid keys follows the parameter entry");

    public static readonly InstructionDefinition Definition = new(
        Opcode.Softmax, "SOFTMAX", Unit.Vector,
        [Source, Output, Rows, Columns, Length0, Index, RowScale, Causal, Masked],
        "Writes e = 127*2^-(max - s)/256 per key and, per row, the factor that normalises a product with these (numerics, section 7).",
        "output may be the source's own address.",
        "fixed: M*(G*max(b(2), statisticsCycles) + G*max(roundCycles, combine(source; output)) + divideCycles) + startCycles");
}

/// <summary>MAP: element by element, with change of width, place and stride.</summary>
public static class Map
{
    public static readonly Field Source = new("source", 14, 24, "byte address, aligned to a lane group");
    public static readonly Field Output = new("output", 38, 24, "byte address, aligned to a lane group");
    public static readonly Field SourceStride = new("sourceStride", 62, 10, "words from row to row of the source");
    public static readonly Field OutputStride = new("outputStride", 72, 10, "words from row to row of the output");
    public static readonly Field Rows = new("rows", 82, 12, "rows, at least 1");
    public static readonly Field Columns = new("columns", 94, 12, "elements of a row, at least 1");
    public static readonly Field Index = new("index", 106, 12, "parameter entry, a multiple of the lanes");
    public static readonly Field WideSource = new("wideSource", 118, 1, "source is int16");
    public static readonly Field WideOutput = new("wideOutput", 119, 1, "output is int16");
    public static readonly Field UseTable = new("table", 120, 1, "look the result up in a table; excludes wideOutput");
    public static readonly Field TableSlot = new("tableSlot", 121, 3, "which table; 0 without table");

    public static readonly InstructionDefinition Definition = new(
        Opcode.Map, "MAP", Unit.Vector,
        [Source, Output, SourceStride, OutputStride, Rows, Columns, Index, WideSource, WideOutput, UseTable, TableSlot],
        "Requantizes, looks up or rearranges element by element (numerics, section 8).",
        "output may be the source itself, with equal widths and strides.",
        "fixed: M*(G*max(roundCycles, combine(source; output)) + lineCycles) + startCycles");
}

/// <summary>ADD: two int16 tensors with a multiplier each.</summary>
public static class Add
{
    public static readonly Field A = new("a", 14, 24, "byte address, dense int16, a multiple of the word");
    public static readonly Field B = new("b", 38, 24, "byte address, dense int16, a multiple of the word");
    public static readonly Field Output = new("output", 62, 24, "byte address, dense int16, a multiple of the word");
    public static readonly Field Rows = new("rows", 86, 12, "rows, at least 1");
    public static readonly Field Columns = new("columns", 98, 12, "elements of a row, at least 1");
    public static readonly Field Index = new("index", 110, 12, "parameter entries: Ma and shift, and a lane group later Mb; a multiple of the lanes");

    public static readonly InstructionDefinition Definition = new(
        Opcode.Add, "ADD", Unit.Vector, [A, B, Output, Rows, Columns, Index],
        "Adds two int16 tensors of unlike scales with one rounding (numerics, section 8).",
        "output may be a or b.",
        "fixed: M*(G*max(3*roundCycles, combine(a; b; output)) + lineCycles) + startCycles");
}
