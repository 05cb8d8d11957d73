namespace Hil.Devices.Lockstep;

/// <summary>The memories of a device, as docs/numerics.md section 2 sees them, to be read while no cycle passes.</summary>
internal interface IMemoryView
{
    void ReadScratchpad(long address, Span<byte> bytes);

    void ReadMain(long address, Span<byte> bytes);

    /// <summary>A tile of a weight slot: its index, 2 bytes, then R*C weights row by row.</summary>
    void ReadTile(int slot, int tile, Span<byte> bytes);

    /// <summary>The first rows of a half, C values of 4 bytes a row.</summary>
    void ReadAccumulators(int half, Span<byte> bytes);

    /// <summary>Entries of 8 bytes.</summary>
    void ReadParameters(int first, Span<byte> bytes);

    void ReadTable(int slot, Span<byte> bytes);

    /// <summary>Entries of 4 bytes: multiplier, extra shift, 0.</summary>
    void ReadRowScales(int first, Span<byte> bytes);
}
