using Hil.Contract.Machines;
using Hil.Emulator.Functional;

namespace Hil.Devices.Lockstep;

/// <summary>
/// All memories of two devices at the end of a program: what an instruction wrote beside its output is in no line of a trace. Main memory and weight
/// slots are not among them.
/// </summary>
internal static class FinalMemories
{
    /// <summary>The first byte that differs; null if there is none.</summary>
    public static string? FirstDifference(Machine machine, IMemoryView emulator, IMemoryView rtl)
    {
        int half = machine.AccumulatorRows * machine.Columns * sizeof(int);
        (string Name, int Bytes, Action<IMemoryView, byte[]> Read)[] memories =
        [
            ("scratchpad", checked((int)machine.Scratchpad.Bytes), (m, to) => m.ReadScratchpad(0, to)),
            ("accumulator half 0", half, (m, to) => m.ReadAccumulators(0, to)),
            ("accumulator half 1", half, (m, to) => m.ReadAccumulators(1, to)),
            ("parameters", machine.ParameterEntries * ParameterEntry.Bytes, (m, to) => m.ReadParameters(0, to)),
            .. Enumerable.Range(0, machine.TableSlots).Select(slot =>
                ($"table {slot}", DeviceState.TableBytes, (Action<IMemoryView, byte[]>)((m, to) => m.ReadTable(slot, to)))),
            ("row scales", machine.RowScaleEntries * 4, (m, to) => m.ReadRowScales(0, to)),
        ];
        foreach ((string name, int bytes, Action<IMemoryView, byte[]> read) in memories)
        {
            (byte[] left, byte[] right) = (new byte[bytes], new byte[bytes]);
            read(emulator, left);
            read(rtl, right);
            int at = left.AsSpan().CommonPrefixLength(right);
            if (at < bytes) return $"{name}, byte {at}, which no instruction should have written so: 0x{left[at]:x2} on the emulator, 0x{right[at]:x2} on the RTL";
        }

        return null;
    }
}
