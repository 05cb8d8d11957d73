namespace Hil.Contract.Isa;

/// <summary>COMPUTE: one strip of output columns times a block of rows times a list of kept tiles.</summary>
public static class Compute
{
    public static readonly Field Source = new("source", 14, 24, "byte address of the activations, a multiple of the word");
    public static readonly Field Stride = new("stride", 38, 12, "words from row to row");
    public static readonly Field Rows = new("rows", 50, 12, "rows, 1 to accumulator rows");
    public static readonly Field Tiles = new("tiles", 62, 12, "tiles in the slot, 0 to weight tiles");
    public static readonly Field Slot = new("slot", 74, 1, "weight slot");
    public static readonly Field Half = new("half", 75, 1, "accumulator half");
    public static readonly Field Accumulate = new("accumulate", 76, 1, "add to what the half holds");
    public static readonly Field Shift7 = new("shift7", 77, 1, "multiply what the half holds by 128 first; needs accumulate");

    public static readonly InstructionDefinition Definition = new(
        Opcode.Compute, "COMPUTE", Unit.Compute, [Source, Stride, Rows, Tiles, Slot, Half, Accumulate, Shift7],
        "Streams rows of activations through each tile of the slot in order and sums into an accumulator half (numerics, section 4).",
        "With tiles = 0 the sum is zero and the slot is not looked at.",
        "fixed: R + (T-1)*max(M, R+C+2) + M + R + C + 6; with T = 0 M + 6");
}

/// <summary>END: the segment is done when everything before it has retired.</summary>
public static class End
{
    public static readonly InstructionDefinition Definition = new(
        Opcode.End, "END", Unit.Control, [],
        "Ends the segment when all queues are empty and all units idle.",
        "wait and post must be empty. Nothing after it in a segment is fetched for execution.",
        "none");
}
