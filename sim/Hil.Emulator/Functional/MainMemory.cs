using Hil.Contract.Programs;

namespace Hil.Emulator.Functional;

/// <summary>Main memory of one sample: the program's image, 0 around it, and private copies of the pages that are written.</summary>
public sealed class MainMemory(ProgramImage program)
{
    public const int PageBytes = 4096;
    private readonly SortedDictionary<long, byte[]> _pages = [];

    /// <summary>Pages that were written, by address.</summary>
    public IReadOnlyDictionary<long, byte[]> WrittenPages => _pages;

    public void Reset() => _pages.Clear();

    public void Read(long address, Span<byte> destination)
    {
        if (_pages.Count == 0)
        {
            ReadInitial(address, destination);
            return;
        }

        for (int done = 0; done < destination.Length;)
        {
            long at = address + done;
            int offset = (int)(at % PageBytes);
            Span<byte> part = destination.Slice(done, Math.Min(PageBytes - offset, destination.Length - done));
            if (_pages.TryGetValue(at - offset, out byte[]? page)) page.AsSpan(offset, part.Length).CopyTo(part);
            else ReadInitial(at, part);
            done += part.Length;
        }
    }

    public byte[] Read(long address, int bytes)
    {
        var content = new byte[bytes];
        Read(address, content);
        return content;
    }

    public void Write(long address, ReadOnlySpan<byte> source)
    {
        for (int done = 0; done < source.Length;)
        {
            long at = address + done;
            int offset = (int)(at % PageBytes);
            int count = Math.Min(PageBytes - offset, source.Length - done);
            if (!_pages.TryGetValue(at - offset, out byte[]? page))
            {
                page = new byte[PageBytes];
                ReadInitial(at - offset, page);
                _pages.Add(at - offset, page);
            }

            source.Slice(done, count).CopyTo(page.AsSpan(offset));
            done += count;
        }
    }

    private void ReadInitial(long address, Span<byte> destination)
    {
        destination.Clear();
        long first = program.ImageBase;
        long from = Math.Max(first, address);
        long to = Math.Min(first + program.Image.Length, address + destination.Length);
        if (to <= from) return;
        program.Image.Span.Slice((int)(from - first), (int)(to - from)).CopyTo(destination[(int)(from - address)..]);
    }
}
