using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hil.Models.Quantized;

/// <summary>Writes arrays of integers as base64 of their little-endian bytes.</summary>
internal sealed class ArrayConverter<T> : JsonConverter<ImmutableArray<T>>
    where T : unmanaged
{
    public override ImmutableArray<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var read)
            ? read
            : throw new JsonException("An array must be a base64 string.");
        var size = Marshal.SizeOf<T>();
        if (bytes.Length % size != 0)
        {
            throw new JsonException($"{bytes.Length} bytes are no whole number of elements of {size} bytes.");
        }

        Swap(bytes, size);
        return [.. MemoryMarshal.Cast<byte, T>(bytes)];
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<T> value, JsonSerializerOptions options)
    {
        var bytes = MemoryMarshal.AsBytes(value.AsSpan()).ToArray();
        Swap(bytes, Marshal.SizeOf<T>());
        writer.WriteBase64StringValue(bytes);
    }

    private static void Swap(byte[] bytes, int size)
    {
        if (BitConverter.IsLittleEndian || size == 1)
        {
            return;
        }

        for (var i = 0; i < bytes.Length; i += size)
        {
            bytes.AsSpan(i, size).Reverse();
        }
    }
}
