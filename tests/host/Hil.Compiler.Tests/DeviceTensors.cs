using System.Buffers.Binary;
using Hil.Contract.Programs;
using Hil.Specification.Numerics;

namespace Hil.Compiler.Tests;

/// <summary>Writes and reads tensors of the host in the scratchpad of the specification, row piece by row piece.</summary>
internal static class DeviceTensors
{
    public static void Write(DeviceState state, IReadOnlyList<TensorPlace> places, string name, int rows, int columns, ReadOnlySpan<sbyte> values)
    {
        int row = 0;
        foreach (TensorPlace place in Named(places, name))
        {
            for (int r = 0; r < place.Rows; r++, row++)
            {
                for (int c = 0; c < columns; c++)
                    state.Scratchpad[place.Address + ((long)r * place.StrideBytes) + c] = unchecked((byte)values[(row * columns) + c]);
            }
        }

        Assert.Equal(rows, row);
    }

    public static int[] Read(DeviceState state, IReadOnlyList<TensorPlace> places, string name, int rows, int columns)
    {
        var values = new List<int>();
        foreach (TensorPlace place in Named(places, name))
        {
            for (int r = 0; r < place.Rows; r++)
            {
                for (int c = 0; c < columns; c++)
                {
                    long at = place.Address + ((long)r * place.StrideBytes);
                    values.Add(place.Type == ElementType.Int16
                        ? BinaryPrimitives.ReadInt16LittleEndian(state.Scratchpad.AsSpan((int)at + (2 * c)))
                        : unchecked((sbyte)state.Scratchpad[at + c]));
                }
            }
        }

        Assert.Equal(rows * columns, values.Count);
        return [.. values];
    }

    /// <summary>The elements of a place in the dense bytes that an engine gives for it.</summary>
    public static int[] Elements(TensorPlace place, ReadOnlySpan<byte> bytes)
    {
        var values = new int[place.Rows * place.Columns];
        for (int i = 0; i < values.Length; i++)
            values[i] = place.Type == ElementType.Int16 ? BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) : unchecked((sbyte)bytes[i]);
        return values;
    }

    private static IEnumerable<TensorPlace> Named(IReadOnlyList<TensorPlace> places, string name) =>
        places.Where(p => p.Name == name || p.Name.StartsWith($"{name}[", StringComparison.Ordinal));
}
