using System.Runtime.InteropServices;
using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Emulator.Functional;

/// <summary>COMPUTE, one instruction by itself (numerics, section 4).</summary>
internal static class ComputeStep
{
    public static void Run(DeviceState state, Instruction i)
    {
        Machine machine = state.Machine;
        int rows = (int)i[Compute.Rows];
        int tiles = (int)i[Compute.Tiles];
        int[] half = state.Halves[i[Compute.Half]];
        bool accumulate = i.Flag(Compute.Accumulate);
        EmulatorMutation mutation = state.Options.Mutation;
        if (tiles == 0 && mutation == EmulatorMutation.ComputeEmptyKeepsAccumulators) return;
        if (mutation == EmulatorMutation.ComputeAccumulateOverwrites) accumulate = false;
        int shift = !i.Flag(Compute.Shift7) ? 0 : mutation == EmulatorMutation.ComputeShiftsBySix ? 6 : 7;
        int c = machine.Columns;
        for (int m = 0; m < rows; m++)
        {
            Span<int> acc = half.AsSpan(m * c, c);
            if (!accumulate) acc.Clear();
            else if (shift != 0) Shift(acc, shift);
        }

        if (tiles == 0) return;
        WeightSlot slot = state.Slots[i[Compute.Slot]];
        ReadOnlySpan<sbyte> scratchpad = MemoryMarshal.Cast<byte, sbyte>(state.Scratchpad.AsSpan());
        int stride = (int)i[Compute.Stride] * machine.WordBytes;
        for (int t = 0; t < tiles; t++)
        {
            int k = mutation == EmulatorMutation.ComputeIgnoresTileIndices ? t : slot.Indices[t];
            int first = (int)i[Compute.Source] + (k * machine.Rows);
            ReadOnlySpan<sbyte> weights = slot.Weights.AsSpan(t * slot.TileBytes, slot.TileBytes);
            for (int m = 0; m < rows; m++)
            {
                AddTile(
                    scratchpad.Slice(first + (m * stride), machine.Rows), weights, half.AsSpan(m * c, c));
            }
        }
    }

    private static void Shift(Span<int> acc, int shift)
    {
        for (int c = 0; c < acc.Length; c++) acc[c] = unchecked(acc[c] << shift);
    }

    private static void AddTile(ReadOnlySpan<sbyte> activations, ReadOnlySpan<sbyte> weights, Span<int> acc)
    {
        unchecked
        {
            for (int r = 0; r < activations.Length; r++)
            {
                int a = activations[r];
                ReadOnlySpan<sbyte> row = weights.Slice(r * acc.Length, acc.Length);
                for (int c = 0; c < acc.Length; c++) acc[c] += a * row[c];
            }
        }
    }
}
