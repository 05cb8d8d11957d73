using System.Security.Cryptography;

namespace Hil.Models.Onnx;

/// <summary>Reads fields of Protocol Buffers from a stream, and hashes every byte on the way, those passed over too.</summary>
/// <param name="keep">Bytes that may be copied in all.</param>
internal sealed class WireReader(Stream stream, IncrementalHash hash, long keep)
{
    /// <summary>Wire type of a variable-length number.</summary>
    public const int Number = 0;

    /// <summary>Wire type of a length and so many bytes.</summary>
    public const int LengthDelimited = 2;

    private const int EightBytes = 1;
    private const int FourBytes = 5;
    private const int LongestNumber = 10;

    private readonly byte[] _buffer = new byte[Skeleton.BufferBytes];
    private int _next;
    private int _filled;

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>The next field's tag, which must lie before <paramref name="end"/>.</summary>
    public uint Tag(long end)
    {
        var tag = ReadNumber();
        return Position <= end && tag is > 7 and <= uint.MaxValue ? (uint)tag : throw new InvalidDataException("a field is damaged.");
    }

    /// <summary>Reads a length; the position where so many bytes end, within <paramref name="end"/>.</summary>
    public long End(long end)
    {
        var length = ReadNumber();
        return Position <= end && length <= (ulong)(end - Position) ? Position + (long)length : throw new InvalidDataException("it ends within a field.");
    }

    /// <summary>Copies a field, tag and all.</summary>
    public void Copy(uint tag, MemoryStream target, long end)
    {
        switch (tag & 7)
        {
            case Number:
                CopyNumber(tag, target);
                break;
            case LengthDelimited:
                CopyBytes(tag, End(end) - Position, target);
                break;
            case EightBytes or FourBytes:
                WriteNumber(target, tag);
                Move((tag & 7) == FourBytes ? 4 : 8, target);
                break;
            default:
                throw new InvalidDataException("a field has an unknown form.");
        }
    }

    /// <summary>Copies a number with its tag, and gives it.</summary>
    public ulong CopyNumber(uint tag, MemoryStream target)
    {
        var value = ReadNumber();
        WriteNumber(target, tag);
        WriteNumber(target, value);
        return value;
    }

    /// <summary>Copies so many bytes under a tag.</summary>
    public void CopyBytes(uint tag, long length, MemoryStream target)
    {
        WriteNumber(target, tag);
        WriteNumber(target, (ulong)length);
        Move(length, target);
    }

    /// <summary>Passes over so many bytes.</summary>
    public void Skip(long length) => Move(length, null);

    private void Move(long length, MemoryStream? target)
    {
        if (target is not null && (keep -= length) < 0)
        {
            throw new InvalidDataException("it holds too much beside its weights.");
        }

        while (length > 0)
        {
            if (_next == _filled)
            {
                Fill();
            }

            var part = (int)Math.Min(length, _filled - _next);
            target?.Write(_buffer, _next, part);
            _next += part;
            Position += part;
            length -= part;
        }
    }

    private ulong ReadNumber()
    {
        var value = 0UL;
        for (var i = 0; i < LongestNumber; i++)
        {
            if (_next == _filled)
            {
                Fill();
            }

            var part = _buffer[_next++];
            Position++;
            value |= i == LongestNumber - 1 ? (ulong)(part & 1) << 63 : (ulong)(part & 127) << (7 * i);
            if (part < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number is too long.");
    }

    private void Fill()
    {
        (_next, _filled) = (0, stream.Read(_buffer, 0, _buffer.Length));
        if (_filled == 0)
        {
            throw new InvalidDataException("it ends too early.");
        }

        hash.AppendData(_buffer, 0, _filled);
    }

    private static void WriteNumber(MemoryStream target, ulong value)
    {
        for (; value > 127; value >>= 7)
        {
            target.WriteByte((byte)((value & 127) | 128));
        }

        target.WriteByte((byte)value);
    }
}
