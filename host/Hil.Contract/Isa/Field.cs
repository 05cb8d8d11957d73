namespace Hil.Contract.Isa;

/// <summary>A value that does not fit its field, or fields that do not fit their instruction.</summary>
public sealed class EncodingException(string message) : Exception(message);

/// <summary>One named bit range of a 128-bit instruction word.</summary>
public sealed record Field(string Name, int Lsb, int Width, string Meaning)
{
    public UInt128 Mask => ((UInt128.One << Width) - 1) << Lsb;

    public UInt128 Place(uint value) =>
        Width >= 32 || value >> Width == 0
            ? (UInt128)value << Lsb
            : throw new EncodingException($"{Name}: {value} needs more than {Width} bits.");

    public uint Read(UInt128 word) => (uint)((word & Mask) >> Lsb);
}
