using Hil.Contract;
using Hil.Contract.Programs;

namespace Hil.Devices;

/// <summary>Moves tensors between dense bytes (<see cref="TensorCodec"/>) and their place in the simulated core or its main memory.</summary>
internal static class RtlTensors
{
    public static void Write(RtlSimulation simulation, TensorPlace place, ReadOnlySpan<byte> dense)
    {
        if (dense.Length != TensorCodec.DenseBytes(place))
        {
            throw new HilException(
                ExitKind.BadInput, $"{dense.Length} bytes were given for {TensorCodec.DenseBytes(place)}.", $"tensor {place.Name}",
                $"Give {place.Rows} rows of {place.Columns} elements of {place.Type}.");
        }

        var memories = new RtlMemories(simulation);
        foreach ((long address, int offset, int bytes) in Rows(place))
        {
            if (place.Space == Space.Main) simulation.WriteMain(address, dense.Slice(offset, bytes));
            else memories.WriteScratchpad(address, dense.Slice(offset, bytes));
        }
    }

    public static byte[] Read(RtlSimulation simulation, TensorPlace place)
    {
        var dense = new byte[TensorCodec.DenseBytes(place)];
        var memories = new RtlMemories(simulation);
        foreach ((long address, int offset, int bytes) in Rows(place))
        {
            if (place.Space == Space.Main) simulation.ReadMain(address, dense.AsSpan(offset, bytes));
            else memories.ReadScratchpad(address, dense.AsSpan(offset, bytes));
        }

        return dense;
    }

    /// <summary>Each row of each plane: its address, its place in the dense bytes, its length.</summary>
    private static IEnumerable<(long Address, int Offset, int Bytes)> Rows(TensorPlace place)
    {
        int row = place.Columns * (place.Type == ElementType.Int16 ? 2 : 1);
        long[] planes = place.Type == ElementType.Wide15 ? [place.Address, place.SecondAddress] : [place.Address];
        for (int p = 0; p < planes.Length; p++)
        {
            for (int m = 0; m < place.Rows; m++)
                yield return (planes[p] + ((long)m * place.StrideBytes), ((p * place.Rows) + m) * row, row);
        }
    }
}
