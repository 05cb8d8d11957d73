using System.Buffers.Binary;

namespace Hil.Compiler.Plans;

/// <summary>Builds parameter entries: bias int32, multiplier 16 bits, shift, extra (docs/numerics.md, section 2).</summary>
internal sealed class ParameterEntries(int count)
{
    private readonly byte[] _bytes = new byte[(count + (count & 1)) * 8];

    public void Set(int index, int bias, int multiplier, int shift = 0, int extra = 0)
    {
        Span<byte> entry = _bytes.AsSpan(index * 8, 8);
        BinaryPrimitives.WriteInt32LittleEndian(entry, bias);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], unchecked((ushort)multiplier));
        entry[6] = (byte)shift;
        entry[7] = (byte)extra;
    }

    /// <summary>Raw bytes over entries from <paramref name="index"/> on: the bitmap of a SOFTMAX.</summary>
    public void SetBits(int index, ReadOnlySpan<byte> bits) => bits.CopyTo(_bytes.AsSpan(index * 8));

    public Constant ToConstant() => new(_bytes);
}
