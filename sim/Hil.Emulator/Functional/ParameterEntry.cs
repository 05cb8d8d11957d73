using System.Buffers.Binary;

namespace Hil.Emulator.Functional;

/// <summary>One entry of the parameter memory (numerics, section 2).</summary>
public readonly record struct ParameterEntry(int Bias, ushort Multiplier, byte Shift, byte Extra)
{
    public const int Bytes = 8;

    public short SignedMultiplier => unchecked((short)Multiplier);

    public static ParameterEntry Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt32LittleEndian(source),
        BinaryPrimitives.ReadUInt16LittleEndian(source[4..]),
        source[6],
        source[7]);
}
