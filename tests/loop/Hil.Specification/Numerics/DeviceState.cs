using System.Buffers.Binary;
using Hil.Contract.Machines;

namespace Hil.Specification.Numerics;

/// <summary>One tile of a weight slot: its index along the reduction and its weights, [r * C + c].</summary>
public sealed record WeightTile(int Index, sbyte[] Weights);

/// <summary>Every memory of one accelerator, as docs/numerics.md section 2 lists them.</summary>
public sealed class DeviceState
{
    public const int ParameterBytes = 8;
    public const int TableBytes = 256;

    public DeviceState(Machine machine, uint? poisonSeed)
    {
        Machine = machine;
        Scratchpad = Poison.Fill(poisonSeed, Poison.Scratchpad, machine.Scratchpad.Bytes);
        ParameterMemory = Poison.Fill(poisonSeed, Poison.Parameters, (long)machine.ParameterEntries * ParameterBytes);
        TableMemory = Poison.Fill(poisonSeed, Poison.Tables, (long)machine.TableSlots * TableBytes);
        int halfValues = machine.AccumulatorRows * machine.Columns;
        byte[] accumulators = Poison.Fill(poisonSeed, Poison.Accumulators, 2L * halfValues * sizeof(int));
        Accumulators = [new int[halfValues], new int[halfValues]];
        for (int i = 0; i < 2 * halfValues; i++)
        {
            Accumulators[i / halfValues][i % halfValues] =
                BinaryPrimitives.ReadInt32LittleEndian(accumulators.AsSpan(i * sizeof(int)));
        }

        byte[] scales = Poison.Fill(poisonSeed, Poison.RowScales, 4L * machine.RowScaleEntries);
        RowScales = new RowScale[machine.RowScaleEntries];
        for (int i = 0; i < RowScales.Length; i++)
        {
            RowScales[i] = new RowScale(
                BinaryPrimitives.ReadUInt16LittleEndian(scales.AsSpan(4 * i)), scales[(4 * i) + 2]);
        }
    }

    public Machine Machine { get; }

    public byte[] Scratchpad { get; }

    public byte[] ParameterMemory { get; }

    public byte[] TableMemory { get; }

    /// <summary>By half, then row * C + column.</summary>
    public int[][] Accumulators { get; }

    public RowScale[] RowScales { get; }

    public MainMemory Main { get; } = new();

    /// <summary>By slot.</summary>
    public List<WeightTile>[] Slots { get; } = [[], []];

    public Parameter Entry(int index)
    {
        ReadOnlySpan<byte> bytes = ParameterMemory.AsSpan(index * ParameterBytes, ParameterBytes);
        return new Parameter(
            BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]), bytes[6], bytes[7]);
    }

    public int TableValue(int slot, int index) => unchecked((sbyte)TableMemory[(slot * TableBytes) + (index & 255)]);

    public int Read8(long address) => unchecked((sbyte)Scratchpad[address]);

    public int Read16(long address) => BinaryPrimitives.ReadInt16LittleEndian(Scratchpad.AsSpan(checked((int)address), 2));

    public void Write8(long address, int value) => Scratchpad[address] = unchecked((byte)checked((sbyte)value));

    public void Write16(long address, int value) =>
        BinaryPrimitives.WriteInt16LittleEndian(Scratchpad.AsSpan(checked((int)address), 2), checked((short)value));
}
