using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Emulator.Functional;

/// <summary>All memories of the device while one sample runs.</summary>
public sealed class DeviceState
{
    public const int TableBytes = 256;
    private readonly InitialMemories _initial;

    public DeviceState(Machine machine, ProgramImage program, EmulatorOptions options, InitialMemories initial)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(initial);
        (Machine, Options, _initial) = (machine, options, initial);
        Scratchpad = new byte[initial.Scratchpad.Length];
        Slots = [new WeightSlot(machine), new WeightSlot(machine)];
        Halves = [new int[initial.Halves[0].Length], new int[initial.Halves[1].Length]];
        Parameters = new byte[initial.Parameters.Length];
        Tables = new byte[initial.Tables.Length];
        RowScales = new RowScale[initial.RowScales.Length];
        Main = new MainMemory(program);
        Reset();
    }

    public Machine Machine { get; }

    public EmulatorOptions Options { get; }

    public byte[] Scratchpad { get; }

    public WeightSlot[] Slots { get; }

    public int[][] Halves { get; }

    /// <summary>Entries of <see cref="ParameterEntry"/>, as they lie in memory.</summary>
    public byte[] Parameters { get; }

    public byte[] Tables { get; }

    public RowScale[] RowScales { get; }

    public MainMemory Main { get; }

    internal Products.Workspace Workspace { get; } = new();

    /// <summary>All memories as they are at START.</summary>
    public void Reset()
    {
        Main.Reset();
        _initial.Scratchpad.CopyTo(Scratchpad, 0);
        _initial.Parameters.CopyTo(Parameters, 0);
        _initial.Tables.CopyTo(Tables, 0);
        _initial.RowScales.CopyTo(RowScales, 0);
        for (int h = 0; h < Halves.Length; h++) _initial.Halves[h].CopyTo(Halves[h], 0);
        foreach (WeightSlot slot in Slots) slot.Clear();
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

    public void Clear()
    {
        Array.Clear(Indices);
        Array.Clear(Weights);
    }
}

/// <summary>One row scale (numerics, section 2): multiplier and extra shift.</summary>
public readonly record struct RowScale(ushort Multiplier, byte Shift);
