using Hil.Contract;

namespace Hil.Models.Data;

/// <summary>Reads a lone <c>.npy</c> array, as NumPy's save writes it.</summary>
public static class NpyFile
{
    /// <summary>Whether these bytes begin as such an array does.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.Length > 6 && bytes[0] == 0x93 && bytes[1..6].SequenceEqual("NUMPY"u8);

    /// <summary>The array, under the name given. Throws <see cref="HilException"/> (BadInput) for anything but a sound file.</summary>
    public static NpyArray Parse(byte[] bytes, string name, string where)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        using var stream = new MemoryStream(bytes);
        if (NpyHeader.Read(stream, NpzFile.MaximumArrayBytes, out var error) is not { } header)
        {
            throw Bad(error, where);
        }

        var values = bytes.AsSpan((int)stream.Position);
        var expected = header.Shape.Aggregate((long)NpyArray.SizeOf(header.Type), (a, b) => a * b);
        return values.Length == expected
            ? new NpyArray(name, header.Type, header.Shape, values.ToArray())
            : throw Bad($"its values are {values.Length} bytes, its shape has {expected}.", where);
    }

    private static HilException Bad(string what, string where) => new(ExitKind.BadInput, what, where, "Write it again with numpy.save.");
}
