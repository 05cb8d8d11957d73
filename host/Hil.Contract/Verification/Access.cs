using Hil.Contract.Machines;

namespace Hil.Contract.Verification;

/// <summary>What an instruction can touch. Scratchpad banks are exclusive as wholes; of the rest, what is read by both is no conflict.</summary>
public enum Resource
{
    Scratchpad,
    WeightSlot,
    AccumulatorHalf,
    Parameters,
    Table,
    RowScales,
    Main,
}

/// <summary>
/// One access of one instruction: <c>Rows</c> runs of <c>RowLength</c>, <c>Stride</c> apart, from <c>First</c> on; in bytes for scratchpad and main
/// memory, in slots, halves or entries for the others (those have one row).
/// </summary>
/// <param name="Operand">The name of the field that says where.</param>
public readonly record struct Access(
    Resource Resource, string Operand, long First, long RowLength, long Rows, long Stride, bool Reads, bool Writes)
{
    /// <summary>One past the last that is touched.</summary>
    public long End => First + ((Rows - 1) * Stride) + RowLength;

    /// <summary>The bank of the first address; every operand must stay in it.</summary>
    public int Bank(Machine machine) => (int)(First / machine.Scratchpad.BankBytes);
}
