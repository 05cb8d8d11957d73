using System.IO.Hashing;

namespace Hil.Models.Data;

/// <summary>Reads from another stream and sums up what went by: CRC-32 as zip archives have it. .NET's archives do not check theirs.</summary>
internal sealed class ChecksumStream(Stream source) : Stream
{
    private readonly Crc32 _sum = new();

    /// <summary>Of all bytes read so far.</summary>
    public uint Sum => _sum.GetCurrentHashAsUInt32();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = source.Read(buffer);
        _sum.Append(buffer[..read]);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
