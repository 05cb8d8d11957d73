using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hil.Emulator.Functional;

namespace Hil.Devices.Lockstep;

/// <summary>The memories of the emulator.</summary>
internal sealed class EmulatorMemoryView(DeviceState state) : IMemoryView
{
    public void ReadScratchpad(long address, Span<byte> bytes) => state.Scratchpad.AsSpan((int)address, bytes.Length).CopyTo(bytes);

    public void ReadMain(long address, Span<byte> bytes) => state.Main.Read(address, bytes);

    public void ReadTile(int slot, int tile, Span<byte> bytes)
    {
        WeightSlot weights = state.Slots[slot];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, weights.Indices[tile]);
        MemoryMarshal.AsBytes(weights.Weights.AsSpan(tile * weights.TileBytes, weights.TileBytes)).CopyTo(bytes[sizeof(ushort)..]);
    }

    public void ReadAccumulators(int half, Span<byte> bytes) =>
        MemoryMarshal.AsBytes(state.Halves[half].AsSpan(0, bytes.Length / sizeof(int))).CopyTo(bytes);

    public void ReadParameters(int first, Span<byte> bytes) =>
        state.Parameters.AsSpan(first * ParameterEntry.Bytes, bytes.Length).CopyTo(bytes);

    public void ReadTable(int slot, Span<byte> bytes) => state.Table((uint)slot).CopyTo(bytes);

    public void ReadRowScales(int first, Span<byte> bytes)
    {
        bytes.Clear();
        for (int n = 0; n < bytes.Length / 4; n++)
        {
            RowScale scale = state.RowScales[first + n];
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(4 * n)..], scale.Multiplier);
            bytes[(4 * n) + 2] = scale.Shift;
        }
    }
}
