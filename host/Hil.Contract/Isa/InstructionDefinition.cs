namespace Hil.Contract.Isa;

/// <summary>One instruction of the set: its fields and its texts. Fields that overlap or leave the word throw here.</summary>
public sealed record InstructionDefinition
{
    public InstructionDefinition(
        Opcode code, string name, Unit unit, IReadOnlyList<Field> fields, string action, string notes, string duration)
    {
        (Code, Name, Unit, Fields, Action, Notes, Duration) = (code, name, unit, fields, action, notes, duration);
        UInt128 used = Common.Opcode.Mask | Common.Wait.Mask | Common.Post.Mask;
        foreach (Field field in fields)
        {
            if (field.Lsb < 0 || field.Width is < 1 or > 32 || field.Lsb + field.Width > Instruction.Bits)
            {
                throw new EncodingException($"{name}.{field.Name} leaves the instruction word.");
            }

            if ((used & field.Mask) != UInt128.Zero)
            {
                throw new EncodingException($"{name}.{field.Name} overlaps another field.");
            }

            used |= field.Mask;
        }

        if ((used & (used + 1)) != UInt128.Zero)
        {
            throw new EncodingException($"{name} has a bit without a meaning below one that has.");
        }

        UsedBits = used;
    }

    public Opcode Code { get; }

    public string Name { get; }

    public Unit Unit { get; }

    public IReadOnlyList<Field> Fields { get; }

    /// <summary>What the instruction does, for docs/isa.md; formulas stand in docs/numerics.md.</summary>
    public string Action { get; }

    public string Notes { get; }

    /// <summary>How long it executes, as docs/timing.md §5 and §6 say.</summary>
    public string Duration { get; }

    /// <summary>All bits with a meaning; the others must be zero.</summary>
    public UInt128 UsedBits { get; }

    /// <summary>Bits with a meaning; they lie below all others.</summary>
    public int UsedCount => (int)UInt128.PopCount(UsedBits);

    /// <summary>Reserved opcodes and END have no fields; this finds a field by name, or throws.</summary>
    public Field FieldNamed(string name) =>
        Fields.FirstOrDefault(f => f.Name == name)
        ?? throw new EncodingException($"{Name} has no field {name}.");
}

/// <summary>The fields that every instruction has.</summary>
public static class Common
{
    public static readonly Field Opcode = new("opcode", 0, 6, "which instruction");
    public static readonly Field Wait = new("wait", 6, 4, "units from which one token each is awaited before the start");
    public static readonly Field Post = new("post", 10, 4, "units to which one token each is given at retirement");
}
