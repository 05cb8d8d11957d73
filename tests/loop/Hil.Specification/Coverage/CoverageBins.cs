using Hil.Contract.Isa;

namespace Hil.Specification.Coverage;

/// <summary>Every bin that random programs should reach: opcode, flags, shape; and the reasons of those that nothing can reach.</summary>
public static class CoverageBins
{
    private static readonly string[] PortShapes = ["one burst", "many bursts", "crosses a page", "starts within a burst"];
    private static readonly string[] RowShapes = ["one row", "many rows"];
    private static readonly string[] GroupShapes = ["whole groups", "ragged group", "one element"];

    private const string OnlyWide = "only the int16 output may lie over its source";
    private const string InPlace = "an output of another width would reach into rows not yet read";

    public static IReadOnlyList<string> Flags(Opcode opcode) => opcode switch
    {
        Opcode.Compute => ["set", "accumulate", "accumulate+shift7"],
        Opcode.LoadDynamic => ["by rows", "by columns"],
        Opcode.Requantize =>
        [
            "column int8", "column int8+table", "column int16", "column int16+accumulate",
            "row int8", "row int8+table", "row int16", "row int16+accumulate",
        ],
        Opcode.LayerNorm => ["8", "16", "816", "8+rms", "16+rms", "816+rms"],
        Opcode.Softmax => ["full", "full+masked", "causal", "causal+masked"],
        Opcode.Map => ["8to8", "8to8+table", "8to16", "16to8", "16to8+table", "16to16"],
        _ => ["-"],
    };

    public static IReadOnlyList<string> Shapes(Opcode opcode) => opcode switch
    {
        Opcode.Load => [.. RowShapes, "dense", "wide stride", .. PortShapes],
        Opcode.Store => [.. RowShapes, "dense", "wide stride", "rows overlap", .. PortShapes],
        Opcode.LoadWeights => ["one tile", "many tiles", "most tiles", "slot 0", "slot 1", .. PortShapes],
        Opcode.LoadParameters => ["two entries", "many entries", "from the first", "to the last", .. PortShapes],
        Opcode.LoadTable => ["first table", "another table", .. PortShapes],
        Opcode.LoadDynamic =>
            ["whole tiles", "ragged tiles", "k of one", "one column", "all columns", "fewer columns", "slot 0", "slot 1", "stride 0"],
        Opcode.Compute =>
        [
            "no tiles", "one tile", "many tiles", "most tiles", .. RowShapes, "most rows", "rows hide the fill", "slot 0", "slot 1",
            "half 0", "half 1", "stride 0",
        ],
        Opcode.Requantize =>
        [
            .. RowShapes, "most rows", "one column", "all columns", "fewer columns", .. GroupShapes, "half 0", "half 1", "wide stride",
            "within a word", "shift 0", "long shift",
        ],
        Opcode.LayerNorm => [.. RowShapes, .. GroupShapes, "longest row", "in place", "same bank", "other bank"],
        Opcode.Softmax =>
        [
            .. RowShapes, .. GroupShapes, "same bank", "other bank", "in place", "first row empty", "shorter than the row",
            "longer than the row", "over one mask entry",
        ],
        Opcode.Map => [.. RowShapes, .. GroupShapes, "same bank", "other bank", "in place", "stride 0", "unlike strides", "within a word"],
        Opcode.Add => [.. RowShapes, .. GroupShapes, "one bank", "two banks", "three banks", "onto a", "onto b", "elsewhere", "a is b"],
        _ => ["-"],
    };

    public static IEnumerable<string> All =>
        from definition in InstructionSet.All
        from flags in Flags(definition.Code)
        from shape in Shapes(definition.Code)
        select Name(definition.Code, flags, shape);

    public static string Name(Opcode opcode, string flags, string shape) => $"{InstructionSet.Find(opcode)!.Name} [{flags}] {shape}";

    /// <summary>Bins that no legal program reaches, each with its reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unreachable = new Dictionary<string, string>
    {
        [Name(Opcode.LayerNorm, "8", "in place")] = OnlyWide,
        [Name(Opcode.LayerNorm, "8+rms", "in place")] = OnlyWide,
        [Name(Opcode.Map, "8to16", "in place")] = InPlace,
        [Name(Opcode.Map, "16to8", "in place")] = InPlace,
        [Name(Opcode.Map, "16to8+table", "in place")] = InPlace,
        ["portWait.Compute"] = "COMPUTE does not use the memory port",
        ["portWait.Vector"] = "instructions of the vector unit do not use the memory port",
        ["dispatchStopped"] = "counts only after a trap, and a legal program has none",
    };

    /// <summary>Counters that legal programs should move: waits by unit and pair, and what the dispatcher does.</summary>
    public static bool IsWaitCounter(string name) =>
        name.StartsWith("stall.", StringComparison.Ordinal) || name.StartsWith("portWait.", StringComparison.Ordinal)
        || name.StartsWith("idle.", StringComparison.Ordinal) || name.StartsWith("dispatch", StringComparison.Ordinal);
}
