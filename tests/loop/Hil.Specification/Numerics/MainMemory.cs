namespace Hil.Specification.Numerics;

/// <summary>Main memory, sparse: 0 where nobody wrote.</summary>
public sealed class MainMemory
{
    private const int PageBytes = 4096;
    private readonly Dictionary<long, byte[]> _pages = [];

    public byte this[long address]
    {
        get => _pages.TryGetValue(address / PageBytes, out byte[]? page) ? page[address % PageBytes] : (byte)0;
        set
        {
            if (!_pages.TryGetValue(address / PageBytes, out byte[]? page))
            {
                page = new byte[PageBytes];
                _pages[address / PageBytes] = page;
            }

            page[address % PageBytes] = value;
        }
    }

    public void Write(long address, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            this[address + i] = bytes[i];
        }
    }

    public byte[] Read(long address, int bytes)
    {
        var result = new byte[bytes];
        for (int i = 0; i < bytes; i++)
        {
            result[i] = this[address + i];
        }

        return result;
    }
}
