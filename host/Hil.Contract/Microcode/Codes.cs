namespace Hil.Contract.Microcode;

/// <summary>Where the microcode goes on, if not with the next word.</summary>
public enum Branch
{
    /// <summary>With the next word.</summary>
    None,

    /// <summary>With the target.</summary>
    Jump,

    /// <summary>As many words behind the target as the opcode's low three bits say.</summary>
    Kind,

    /// <summary>With the target if the sum of the word before the last one is not zero.</summary>
    Nonzero,

    /// <summary>With the target if bit 9 of the flags' word is set.</summary>
    Flag9,

    /// <summary>Bit 10.</summary>
    Flag10,

    /// <summary>Bit 11.</summary>
    Flag11,

    /// <summary>Bit 14.</summary>
    Flag14,
}

/// <summary>What the operand register takes.</summary>
public enum Operand
{
    /// <summary>It stays.</summary>
    Hold,

    /// <summary>What the scratchpad gave, a byte with its sign.</summary>
    X,

    /// <summary>The low half of the accumulator.</summary>
    Low,

    /// <summary>Its high half.</summary>
    High,

    /// <summary>The lowest 16 bits of the sums.</summary>
    Sums0,

    /// <summary>The next ones.</summary>
    Sums1,

    /// <summary>The highest, with their sign.</summary>
    Sums2,

    /// <summary>A digit behind the multipliers.</summary>
    Scaled,

    /// <summary>The same without what the list's word leaves out.</summary>
    Field,

    /// <summary>The rounded number.</summary>
    Result,

    /// <summary>The divider's quotient.</summary>
    Quotient,

    /// <summary>Its exponent.</summary>
    Exponent,

    /// <summary>Half the place of d's highest bit.</summary>
    Place,

    /// <summary>The sign of what is there.</summary>
    Sign,

    /// <summary>Bytes of an element, as for the scratchpad.</summary>
    Bytes,

    /// <summary>Zero.</summary>
    Zero,
}

/// <summary>What else a word does.</summary>
public enum Misc
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Loads the loop count with m, two words before the first <see cref="Loop"/> at the latest; the gate starts anew.</summary>
    Count,

    /// <summary>Takes the flags from m.</summary>
    Flags,

    /// <summary>Takes the first operand's bank from m.</summary>
    Bank0,

    /// <summary>The second operand's.</summary>
    Bank1,

    /// <summary>The third operand's, and the accumulators' half.</summary>
    Bank2,

    /// <summary>Index: d.</summary>
    Index,

    /// <summary>Index: the instruction's list of fields.</summary>
    IndexKind,

    /// <summary>Index: d, the first word of a mask; the keys of a row begin.</summary>
    IndexMask,

    /// <summary>Takes a word of the list apart.</summary>
    Listed,

    /// <summary>Writes d to the field that the row names, and goes on to the next.</summary>
    List,

    /// <summary>Writes d to the row scale of the index: its multiplier.</summary>
    Scale,

    /// <summary>Its shift.</summary>
    ScaleShift,

    /// <summary>The length of a row of keys: d.</summary>
    Length,

    /// <summary>Row 0.</summary>
    RowZero,

    /// <summary>Two before row 0; column 0.</summary>
    RowBefore,

    /// <summary>The next column.</summary>
    Column,

    /// <summary>The shift that row scales add to: m.</summary>
    Base,

    /// <summary>The divider's sum: 0.</summary>
    DivideClear,

    /// <summary>Divides m by it.</summary>
    Divide,

    /// <summary>Latches whether d is not zero.</summary>
    IfNonzero,

    /// <summary>Latches whether d is zero.</summary>
    IfZero,

    /// <summary>Goes on behind the last branch or <see cref="Count"/>, as long as the count is not used up.</summary>
    Loop = 30,

    /// <summary>The instruction's last cycle.</summary>
    End = 31,
}
