namespace Hil.Contract.Isa;

/// <summary>A 128-bit instruction word, little-endian in memory; not necessarily a legal one.</summary>
public readonly record struct Instruction(UInt128 Word)
{
    public const int Bits = 128;
    public const int Bytes = 16;

    public Opcode Opcode => (Opcode)this[Common.Opcode];

    public UnitSet Wait => (UnitSet)this[Common.Wait];

    public UnitSet Post => (UnitSet)this[Common.Post];

    public uint this[Field field] => field.Read(Word);

    public bool Flag(Field field) => field.Read(Word) != 0;

    public Instruction With(Field field, uint value) => new((Word & ~field.Mask) | field.Place(value));

    public Instruction WithTokens(UnitSet wait, UnitSet post) =>
        With(Common.Wait, (uint)wait).With(Common.Post, (uint)post);

    /// <summary>Builds an instruction; fields that are not given are zero.</summary>
    /// <exception cref="EncodingException">A field is not of this instruction, or its value does not fit.</exception>
    public static Instruction Of(InstructionDefinition definition, params ReadOnlySpan<(Field Field, uint Value)> values)
    {
        ArgumentNullException.ThrowIfNull(definition);
        UInt128 word = Common.Opcode.Place((uint)definition.Code);
        foreach ((Field field, uint value) in values)
        {
            if (!definition.Fields.Contains(field))
            {
                throw new EncodingException($"{definition.Name} has no field {field.Name}.");
            }

            word |= field.Place(value);
        }

        return new Instruction(word);
    }

    public void WriteTo(Span<byte> destination) =>
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(destination, Word);

    public static Instruction ReadFrom(ReadOnlySpan<byte> source) =>
        new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(source));
}
