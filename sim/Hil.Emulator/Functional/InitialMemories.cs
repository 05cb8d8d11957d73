using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hil.Contract.Machines;

namespace Hil.Emulator.Functional;

/// <summary>The poisoned memories of one machine and seed, made once and copied for each sample.</summary>
public sealed class InitialMemories
{
    private const int RowScaleBytes = 4;

    public InitialMemories(Machine machine, uint seed)
    {
        ArgumentNullException.ThrowIfNull(machine);
        Scratchpad = Poison.Make(seed, PoisonedMemory.Scratchpad, machine.Scratchpad.Bytes);
        Parameters = Poison.Make(seed, PoisonedMemory.Parameters, (long)machine.ParameterEntries * ParameterEntry.Bytes);
        Tables = Poison.Make(seed, PoisonedMemory.Tables, (long)machine.TableSlots * DeviceState.TableBytes);
        int values = machine.AccumulatorRows * machine.Columns;
        byte[] halves = Poison.Make(seed, PoisonedMemory.Accumulators, 2L * values * sizeof(int));
        ReadOnlySpan<int> words = MemoryMarshal.Cast<byte, int>(halves);
        Halves = [words[..values].ToArray(), words[values..].ToArray()];
        byte[] scales = Poison.Make(seed, PoisonedMemory.RowScales, (long)machine.RowScaleEntries * RowScaleBytes);
        RowScales = new RowScale[machine.RowScaleEntries];
        for (int n = 0; n < RowScales.Length; n++)
        {
            ReadOnlySpan<byte> entry = scales.AsSpan(n * RowScaleBytes);
            RowScales[n] = new RowScale(BinaryPrimitives.ReadUInt16LittleEndian(entry), entry[2]);
        }
    }

    public byte[] Scratchpad { get; }

    public byte[] Parameters { get; }

    public byte[] Tables { get; }

    public int[][] Halves { get; }

    public RowScale[] RowScales { get; }
}
