using System.Runtime.InteropServices;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Emulator.Functional;

/// <summary>All memories of the device while one sample runs.</summary>
public sealed class DeviceState
{
    public DeviceState(Machine machine, ProgramImage program, EmulatorOptions options)
    {
        (Machine, Options) = (machine, options);
        Scratchpad = new byte[machine.Scratchpad.Bytes];
        for (int s = 0; s < Slots.Length; s++) Slots[s] = new WeightSlot(machine);
        for (int h = 0; h < Halves.Length; h++) Halves[h] = new int[machine.AccumulatorRows * machine.Columns];
        Parameters = new byte[machine.ParameterEntries * ParameterEntry.Bytes];
        Tables = new byte[machine.TableSlots * TableBytes];
        RowScales = new RowScale[machine.RowScaleEntries];
        Main = new MainMemory(program);
        Reset();
    }

    public const int TableBytes = 256;

    public Machine Machine { get; }

    public EmulatorOptions Options { get; }

    public byte[] Scratchpad { get; }

    public WeightSlot[] Slots { get; } = new WeightSlot[2];

    public int[][] Halves { get; } = new int[2][];

    /// <summary>Entries of <see cref="ParameterEntry"/>, as they lie in memory.</summary>
    public byte[] Parameters { get; }

    public byte[] Tables { get; }

    public RowScale[] RowScales { get; }

    public MainMemory Main { get; }

    internal Products.Workspace Workspace { get; } = new();

    /// <summary>Poisons everything.</summary>
    public void Reset()
    {
        uint seed = Options.PoisonSeed;
        Main.Reset();
        Poison.Fill(Scratchpad, seed, DeviceMemory.Scratchpad, 0);
        Poison.Fill(Parameters, seed, DeviceMemory.Parameters, 0);
        Poison.Fill(Tables, seed, DeviceMemory.Tables, 0);
        for (int s = 0; s < Slots.Length; s++) Slots[s].Fill(seed, s);
        for (int h = 0; h < Halves.Length; h++)
        {
            Span<byte> half = MemoryMarshal.AsBytes(Halves[h].AsSpan());
            Poison.Fill(half, seed, DeviceMemory.Accumulators, (long)h * half.Length);
        }

        Poison.Fill(MemoryMarshal.AsBytes(RowScales.AsSpan()), seed, DeviceMemory.RowScales, 0);
    }

    public ParameterEntry Parameter(int entry) => ParameterEntry.Read(Parameters.AsSpan(entry * ParameterEntry.Bytes));

    public ReadOnlySpan<byte> Table(uint slot) => Tables.AsSpan((int)slot * TableBytes, TableBytes);
}

/// <summary>One weight slot: tile indices and weights, R*C a tile.</summary>
public sealed class WeightSlot(Machine machine)
{
    public int TileBytes { get; } = machine.Rows * machine.Columns;

    public ushort[] Indices { get; } = new ushort[machine.WeightTiles];

    public sbyte[] Weights { get; } = new sbyte[machine.WeightTiles * machine.Rows * machine.Columns];

    public void Fill(uint seed, int slot)
    {
        Span<byte> weights = MemoryMarshal.AsBytes(Weights.AsSpan());
        Poison.Fill(weights, seed, DeviceMemory.Weights, (long)slot * weights.Length);
        Array.Clear(Indices);
    }
}

/// <summary>One row scale (numerics, section 2): multiplier and extra shift; four bytes, the last unused.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct RowScale(ushort Multiplier, byte Shift, byte Unused = 0);
