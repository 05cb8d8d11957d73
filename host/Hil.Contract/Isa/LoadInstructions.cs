namespace Hil.Contract.Isa;

/// <summary>LOAD: main memory to scratchpad, rows of whole words.</summary>
public static class Load
{
    public static readonly Field Main = new("main", 14, 32, "byte address in main memory, a multiple of 16");
    public static readonly Field Scratch = new("scratch", 46, 24, "byte address in the scratchpad, a multiple of the word");
    public static readonly Field Rows = new("rows", 70, 12, "rows, at least 1");
    public static readonly Field RowWords = new("rowWords", 82, 12, "words of a row, at least 1");
    public static readonly Field Stride = new("stride", 94, 12, "words from row to row in the scratchpad");

    public static readonly InstructionDefinition Definition = new(
        Opcode.Load, "LOAD", Unit.Load, [Main, Scratch, Rows, RowWords, Stride],
        "Copies rows*rowWords*W contiguous bytes of main memory to rows of rowWords words in one bank.",
        "A row is never split over banks.",
        "port: rows*rowWords*W bytes (timing, section 5)");
}

/// <summary>LOAD_WEIGHTS: one strip of kept tiles with their indices, main memory to a weight slot.</summary>
public static class LoadWeights
{
    public static readonly Field Main = new("main", 14, 32, "byte address in main memory, a multiple of 16");
    public static readonly Field Tiles = new("tiles", 46, 12, "kept tiles, at least 1");
    public static readonly Field Slot = new("slot", 58, 1, "weight slot");

    public static readonly InstructionDefinition Definition = new(
        Opcode.LoadWeights, "LOAD_WEIGHTS", Unit.Load, [Main, Tiles, Slot],
        "Fills a weight slot with tile records: max(2, C) bytes of index, then R*C weights row by row (numerics, section 3).",
        "Tile indices increase strictly. Pruned tiles are simply not there.",
        "port: tiles*(max(2, C) + R*C) bytes (timing, section 5)");
}

/// <summary>LOAD_DYNAMIC: one strip of weights from the scratchpad, by rows or by columns.</summary>
public static class LoadDynamic
{
    public static readonly Field Scratch = new("scratch", 14, 24, "byte address in the scratchpad; by rows a multiple of C, by columns of R");
    public static readonly Field Stride = new("stride", 38, 12, "words from row to row of the source");
    public static readonly Field KLength = new("kLength", 50, 12, "length of the reduction, at least 1");
    public static readonly Field Columns = new("columns", 62, 7, "valid columns, 1 to C; the others become zero");
    public static readonly Field Slot = new("slot", 69, 1, "weight slot");
    public static readonly Field ByColumns = new("byColumns", 70, 1, "0: source rows are tile rows; 1: source rows are tile columns");

    public static readonly InstructionDefinition Definition = new(
        Opcode.LoadDynamic, "LOAD_DYNAMIC", Unit.Load, [Scratch, Stride, KLength, Columns, Slot, ByColumns],
        "Fills a weight slot with ceil(kLength/R) tiles from the scratchpad, zero beyond kLength and columns (numerics, section 3).",
        "By columns is the product with a transposed matrix: K of the attention scores is used as it lies.",
        "fixed: by rows ceil(kLength/R)*R + 3, by columns ceil(kLength/R)*(C + R) + 3");
}

/// <summary>LOAD_PARAMETERS: entries of bias, multiplier and shift.</summary>
public static class LoadParameters
{
    public static readonly Field Main = new("main", 14, 32, "byte address in main memory, a multiple of 16");
    public static readonly Field First = new("first", 46, 12, "first entry, even");
    public static readonly Field Count = new("count", 58, 12, "entries, even, at least 2");

    public static readonly InstructionDefinition Definition = new(
        Opcode.LoadParameters, "LOAD_PARAMETERS", Unit.Load, [Main, First, Count],
        "Copies count entries of 8 bytes to the parameter memory.",
        "Entry: bias int32, multiplier 16 bits, shift uint8, extra uint8.",
        "port: count*8 bytes (timing, section 5)");
}

/// <summary>LOAD_TABLE: one function table of 256 int8.</summary>
public static class LoadTable
{
    public static readonly Field Main = new("main", 14, 32, "byte address in main memory, a multiple of 16");
    public static readonly Field Slot = new("slot", 46, 3, "table slot");

    public static readonly InstructionDefinition Definition = new(
        Opcode.LoadTable, "LOAD_TABLE", Unit.Load, [Main, Slot],
        "Copies 256 bytes to a table; the value for index i is at byte i & 255.",
        "",
        "port: 256 bytes (timing, section 5)");
}

/// <summary>STORE: scratchpad to main memory, rows of whole words.</summary>
public static class Store
{
    public static readonly Field Main = new("main", 14, 32, "byte address in main memory, a multiple of 16");
    public static readonly Field Scratch = new("scratch", 46, 24, "byte address in the scratchpad, a multiple of the word");
    public static readonly Field Rows = new("rows", 70, 12, "rows, at least 1");
    public static readonly Field RowWords = new("rowWords", 82, 12, "words of a row, at least 1");
    public static readonly Field Stride = new("stride", 94, 12, "words from row to row in the scratchpad");

    public static readonly InstructionDefinition Definition = new(
        Opcode.Store, "STORE", Unit.Store, [Main, Scratch, Rows, RowWords, Stride],
        "Copies rows of rowWords words in one bank to rows*rowWords*W contiguous bytes of main memory.",
        "Only on machines with a writable region.",
        "port: rows*rowWords*W bytes (timing, section 5)");
}
