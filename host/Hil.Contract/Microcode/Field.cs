namespace Hil.Contract.Microcode;

/// <summary>A field of the serial vector unit's microcode: what one part of the unit does in a cycle. 0 is always "nothing".</summary>
/// <param name="Name">As the RTL's constants are called.</param>
/// <param name="Lsb">Its lowest bit.</param>
/// <param name="Width">Bits.</param>
public sealed record Field(string Name, int Lsb, int Width)
{
    private static readonly List<Field> _all = [];

    /// <summary>What is done besides (<see cref="Misc"/>); 32 and more write d to field 0 and on, 96 and more to field 32 and on if the condition was latched.</summary>
    public static readonly Field Step = new("Step", 8, 7);

    /// <summary>A branch (<see cref="Microcode.Branch"/>) to the target; nothing else happens in its cycle.</summary>
    public static readonly Field Branch = new("Branch", 12, 3);

    /// <summary>Where it goes.</summary>
    public static readonly Field Target = new("Target", 0, 9);

    /// <summary>What is on the bus m from the next cycle on, until something else is: 1 to 9 the instruction, 16 and more an entry of the parameters, 32 and more a constant, 64 and more a field; 0 leaves m.</summary>
    public static readonly Field Read = Next("Read", 7);

    /// <summary>What the operand register takes (<see cref="Operand"/>).</summary>
    public static readonly Field Operand = Next("Operand", 4);

    /// <summary>The adder's first operand: 0 the operand register, 1 r, 2 q, 3 zero.</summary>
    public static readonly Field A = Next("A", 2);

    /// <summary>Inverts it: 1 always, 2 if the sign was latched.</summary>
    public static readonly Field Invert = Next("Invert", 2);

    /// <summary>The second: 0 zero, 1 m, 2 s, 3 m unless the instruction goes by rows.</summary>
    public static readonly Field B = Next("B", 2);

    /// <summary>Carry in: 1 one, 2 the carry of the cycle before, 3 the latched sign.</summary>
    public static readonly Field Carry = Next("Carry", 2);

    /// <summary>The digit for the multipliers: 0 d, 1 the low one of two that are clipped to 32 bits, 2 the high one, 3 the sign.</summary>
    public static readonly Field Digit = Next("Digit", 2);

    /// <summary>Keeps the sum's sign, and whether it passed 16 bits.</summary>
    public static readonly Field Latch = Next("Latch", 1);

    /// <summary>The digit is the lowest of a number.</summary>
    public static readonly Field First = Next("First", 1);

    /// <summary>The shift takes (<see cref="Shift"/>).</summary>
    public static readonly Field Shift = Next("Shift", 3);

    /// <summary>The sums: 1 the product, 2 add the product, 3 add it if the gate lets it through, 4 zero, 5 the result to the divider's sum.</summary>
    public static readonly Field Sums = Next("Sums", 3);

    /// <summary>The scratchpad at address d: 1 read, 2 write if the gate lets it through.</summary>
    public static readonly Field Pad = Next("Pad", 2);

    /// <summary>Which operand's bank: 0, 1, 2; 3 is 2 where the output is of two bytes, else 1.</summary>
    public static readonly Field Bank = Next("Bank", 2);

    /// <summary>Its elements: 0 bytes, 1 two bytes, 2 as the flags say for the source, 3 for the output, with the table.</summary>
    public static readonly Field Element = Next("Element", 2);

    /// <summary>The gate lets through from the second (0), third (1), fourth (2), fifth (3) iteration on.</summary>
    public static readonly Field Gate = Next("Gate", 2);

    /// <summary>The rounded number is taken: 1 as int16, 2 as int8, 3 as the flags say.</summary>
    public static readonly Field Result = Next("Result", 2);

    /// <summary>r takes the sum: 1 always, 2 in iterations that the gate lets through.</summary>
    public static readonly Field R = Next("R", 2);

    /// <summary>q takes the sum, as r.</summary>
    public static readonly Field Q = Next("Q", 2);

    /// <summary>s takes: 1 the sum, 2 the operand if its key is valid and it is larger than s.</summary>
    public static readonly Field S = Next("S", 2);

    /// <summary>The multiplier takes m: 1 always, in 2 by rows only.</summary>
    public static readonly Field Multiplier = Next("Multiplier", 2);

    /// <summary>The second factor of the sums takes: 1 m, 2 the operand.</summary>
    public static readonly Field Factor = Next("Factor", 2);

    /// <summary>An accumulator row is read, and the next one is due.</summary>
    public static readonly Field Accumulators = Next("Accumulators", 1);

    /// <summary>The next key: whether it is valid, m being its word of the mask.</summary>
    public static readonly Field Key = Next("Key", 1);

    /// <summary>The index goes on: 1 by an entry, 2 by an entry if by rows, 3 by a digit, 4 by an entry unless by rows.</summary>
    public static readonly Field Index = Next("Index", 3);

    /// <summary>Of these few combinations occur, so that a control word holds a number of three bits instead.</summary>
    public static IReadOnlyList<FieldGroup> Groups { get; } =
        [new("registers", [R, Q, S]), new("factors", [Multiplier, Factor]), new("advances", [Accumulators, Key, Index])];

    /// <summary>Bits of a group's number.</summary>
    public const int GroupBits = 3;

    /// <summary>The fields of a control word, from the lowest; those of the groups come last.</summary>
    public static IReadOnlyList<Field> All => _all;

    /// <summary>Bits of them all.</summary>
    public static int Bits => _all[^1].Lsb + _all[^1].Width;

    /// <summary>Bits of those that are in no group: a control word begins with them as they are.</summary>
    public static int PlainBits => R.Lsb;

    /// <summary>Bits of a control word.</summary>
    public static int ControlBits => PlainBits + (GroupBits * Groups.Count);

    private static Field Next(string name, int width)
    {
        var field = new Field(name, _all.Count == 0 ? 0 : Bits, width);
        _all.Add(field);
        return field;
    }
}

/// <summary>Fields side by side that share a number.</summary>
/// <param name="Name">As the RTL's function is called that takes it apart.</param>
/// <param name="Fields">From the lowest.</param>
public sealed record FieldGroup(string Name, IReadOnlyList<Field> Fields);
