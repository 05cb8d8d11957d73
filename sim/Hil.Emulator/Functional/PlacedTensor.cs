using Hil.Contract;
using Hil.Contract.Programs;

namespace Hil.Emulator.Functional;

/// <summary>Moves tensors between the host's dense bytes and their place in a device memory.</summary>
/// <remarks>Dense bytes: row by row, without the stride; a 15-bit tensor is its plane hi, then its plane lo.</remarks>
public static class PlacedTensor
{
    public static int DenseBytes(TensorPlace place) =>
        place.Rows * RowBytes(place) * (place.Type == ElementType.Wide15 ? 2 : 1);

    public static void Write(DeviceState state, TensorPlace place, ReadOnlySpan<byte> dense)
    {
        if (dense.Length != DenseBytes(place))
        {
            throw new HilException(
                ExitKind.BadInput, $"{dense.Length} bytes were given for {DenseBytes(place)}.", $"tensor {place.Name}",
                $"Give {place.Rows} rows of {place.Columns} elements of {place.Type}.");
        }

        int plane = place.Rows * RowBytes(place);
        WritePlane(state, place, place.Address, dense[..plane]);
        if (place.Type == ElementType.Wide15) WritePlane(state, place, place.SecondAddress, dense[plane..]);
    }

    public static byte[] Read(DeviceState state, TensorPlace place)
    {
        var dense = new byte[DenseBytes(place)];
        int plane = place.Rows * RowBytes(place);
        ReadPlane(state, place, place.Address, dense.AsSpan(0, plane));
        if (place.Type == ElementType.Wide15) ReadPlane(state, place, place.SecondAddress, dense.AsSpan(plane));
        return dense;
    }

    private static int RowBytes(TensorPlace place) => place.Columns * (place.Type == ElementType.Int16 ? 2 : 1);

    private static void WritePlane(DeviceState state, TensorPlace place, long address, ReadOnlySpan<byte> dense)
    {
        int row = RowBytes(place);
        for (int m = 0; m < place.Rows; m++)
        {
            ReadOnlySpan<byte> source = dense.Slice(m * row, row);
            long at = address + ((long)m * place.StrideBytes);
            if (place.Space == Space.Main) state.Main.Write(at, source);
            else source.CopyTo(state.Scratchpad.AsSpan((int)at));
        }
    }

    private static void ReadPlane(DeviceState state, TensorPlace place, long address, Span<byte> dense)
    {
        int row = RowBytes(place);
        for (int m = 0; m < place.Rows; m++)
        {
            Span<byte> destination = dense.Slice(m * row, row);
            long at = address + ((long)m * place.StrideBytes);
            if (place.Space == Space.Main) state.Main.Read(at, destination);
            else state.Scratchpad.AsSpan((int)at, row).CopyTo(destination);
        }
    }
}
