namespace Hil.Contract.Microcode;

/// <summary>What a word can do, by name.</summary>
internal static class Do
{
    public static Part ReadEntry(int part) => new((Field.Read, 16 + part));

    /// <summary>Word 0 or 1 of the entry (bias) or, by rows, of the row scale (shift, multiplier); 2 of the entry (multiplier) or, by rows, its multiplier.</summary>
    public static Part ReadEntryOrScale(int part) => new((Field.Read, 20 + part));

    public static Part ReadIndexed() => new((Field.Read, 24));

    public static Part ReadExponential() => new((Field.Read, 28));

    public static Part ReadSeed() => new((Field.Read, 30));

    public static Part ReadConstant(int value) => new((Field.Read, 32 + Constants.Place(value)));

    public static Part ReadField(int field) => new((Field.Read, 64 + field));

    public static Part ReadChunk(int chunk) => new((Field.Read, chunk));

    public static Part ReadListed(int next) => new((Field.Read, 8 + next));

    public static Part Take(Operand operand) => new((Field.Operand, (int)operand));

    public static Part Other(Misc misc) => new((Field.Step, (int)misc));

    public static Part WriteField(int field) => new((Field.Step, 32 + field));

    /// <summary>Only for fields from 32 on.</summary>
    public static Part WriteFieldIf(int field) => new((Field.Step, 96 + field - 32));

    public static Part Sum(A a, B b, Carry carry = Carry.Zero) => new((Field.A, (int)a), (Field.B, (int)b), (Field.Carry, (int)carry), (Field.Invert, 0));

    /// <summary>b less a, with the carry one or that of the digit before.</summary>
    public static Part Less(A a, B b, Carry carry = Carry.One) => new((Field.A, (int)a), (Field.B, (int)b), (Field.Carry, (int)carry), (Field.Invert, 1));

    public static Part ToR { get; } = new((Field.R, 1));

    public static Part ToQ { get; } = new((Field.Q, 1));

    public static Part ToS { get; } = new((Field.S, 1));

    public static Part Set(Field field, int value) => new((field, value));

    public static Part Gated(int stage) => new((Field.Gate, stage - 1));
}

/// <summary>The adder's first operand.</summary>
internal enum A
{
    Operand,
    R,
    Q,
    Zero,
}

/// <summary>The adder's second operand.</summary>
internal enum B
{
    Zero,
    M,
    S,
    MUnlessByRows,
}

/// <summary>The adder's carry in.</summary>
internal enum Carry
{
    Zero,
    One,
    Before,
    Sign,
}
