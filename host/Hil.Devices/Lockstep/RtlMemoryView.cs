using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hil.Emulator.Functional;

namespace Hil.Devices.Lockstep;

/// <summary>The memories of the simulated core.</summary>
internal sealed class RtlMemoryView(RtlSimulation simulation) : IMemoryView
{
    private readonly RtlMemories _memories = new(simulation);

    /// <summary>Fills them as the emulator's are at START.</summary>
    public void Poison(InitialMemories initial)
    {
        _memories.WriteScratchpad(0, initial.Scratchpad);
        for (int half = 0; half < initial.Halves.Length; half++) _memories.WriteAccumulators(half, initial.Halves[half]);
        _memories.WriteParameters(initial.Parameters);
        _memories.WriteTables(initial.Tables);
        for (int n = 0; n < initial.RowScales.Length; n++)
            _memories.WriteRowScale(n, initial.RowScales[n].Multiplier, initial.RowScales[n].Shift);
    }

    public void ReadScratchpad(long address, Span<byte> bytes) => _memories.ReadScratchpad(address, bytes);

    public void ReadMain(long address, Span<byte> bytes) => simulation.ReadMain(address, bytes);

    public void ReadTile(int slot, int tile, Span<byte> bytes)
    {
        (int index, sbyte[] weights) = _memories.ReadTile(slot, tile);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)index));
        MemoryMarshal.AsBytes<sbyte>(weights).CopyTo(bytes[sizeof(ushort)..]);
    }

    public void ReadAccumulators(int half, Span<byte> bytes) =>
        MemoryMarshal.AsBytes<int>(_memories.ReadAccumulators(half))[..bytes.Length].CopyTo(bytes);

    public void ReadParameters(int first, Span<byte> bytes) =>
        _memories.ReadParameters().AsSpan(first * ParameterEntry.Bytes, bytes.Length).CopyTo(bytes);

    public void ReadTable(int slot, Span<byte> bytes) =>
        _memories.ReadTables(0).AsSpan(slot * DeviceState.TableBytes, DeviceState.TableBytes).CopyTo(bytes);

    public void ReadRowScales(int first, Span<byte> bytes)
    {
        bytes.Clear();
        for (int n = 0; n < bytes.Length / 4; n++)
        {
            (int multiplier, int shift) = _memories.ReadRowScale(first + n);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(4 * n)..], checked((ushort)multiplier));
            bytes[(4 * n) + 2] = checked((byte)shift);
        }
    }
}
