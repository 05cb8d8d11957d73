using System.Buffers.Binary;
using Hil.Contract;
using Hil.Contract.Programs;
using Hil.Devices;
using Hil.Models.Graphs;

namespace Hil.Jobs.Steps;

/// <summary>
/// Tensors of a program, each of which lies in one place or, where it is larger than a bank, in one place per run of
/// rows, named <c>name[first row]</c>.
/// </summary>
internal static class PlacedSamples
{
    /// <summary>What the host gives of one sample, by ONNX tensor, in the order of the model, as a device wants it.</summary>
    /// <exception cref="HilException">A tensor is missing, or a mask cannot be said in bits.</exception>
    public static DeviceSample Encode(ProgramImage program, IReadOnlyDictionary<string, float[]> values)
    {
        var inputs = new List<ReadOnlyMemory<byte>>();
        var taken = new Dictionary<string, int>();
        var elements = new Dictionary<string, float[]>();
        foreach (TensorPlace place in program.Inputs)
        {
            if (MaskMetadata.Read(program.Metadata, place.Name) is { } mask)
            {
                inputs.Add(Mask(place, mask, Find(mask.Tensor)));
                continue;
            }

            string source = SourceOf(place);
            int at = taken.GetValueOrDefault(source);
            int count = place.Rows * place.Columns;
            if (!elements.TryGetValue(source, out float[]? inPlace))
            {
                TensorPlace[] whole = [.. program.Inputs.Where(p => SourceOf(p) == source)];
                elements.Add(source, inPlace = Order(program, whole) is { } order ? order.ToElements<float>(Find(source)) : Find(source));
            }

            inputs.Add(TensorCodec.Encode(place, inPlace.AsSpan(at, count)));
            taken[source] = at + count;
        }

        return new DeviceSample(inputs);

        float[] Find(string tensor) => values.GetValueOrDefault(tensor) ?? throw new HilException(
            ExitKind.BadInput, $"nothing gives '{tensor}', which the host computes before the device runs.", program.Name,
            "Give the model that the program was compiled from: --reference model.onnx.");
    }

    // A bitmap, or rows of addends where the bitmap has no place: 0, or the smallest score for a key that does not count.
    private static byte[] Mask(TensorPlace place, MaskInput mask, float[] values)
    {
        byte[] bits = MaskBits.Pack(mask, values);
        byte[] bytes = new byte[TensorCodec.DenseBytes(place)];
        if (place.Type == ElementType.Int8)
        {
            bits.AsSpan(0, Math.Min(bits.Length, bytes.Length)).CopyTo(bytes);
            return bytes;
        }

        for (int n = 0; n < place.Rows * place.Columns; n++)
        {
            int key = n % place.Columns;
            bool counts = (bits[key / 8] >> (key % 8) & 1) != 0;
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * n), counts ? (short)0 : (short)-short.MaxValue);
        }

        return bytes;
    }

    /// <summary>The ONNX tensor of a place: the quantized tensor is named after it, with the element's width after a colon.</summary>
    public static string SourceOf(TensorPlace place)
    {
        string name = NameOf(place).Tensor;
        int colon = name.LastIndexOf(':');
        return colon > 0 ? name[..colon] : name;
    }

    /// <summary>The program's one output, in the order of the model.</summary>
    public static float[] Decode(ProgramImage program, IReadOnlyList<byte[]> outputs)
    {
        float[] elements = [.. program.Outputs.Zip(outputs, (place, bytes) => TensorCodec.Decode(place, bytes)).SelectMany(v => v)];
        return Order(program, program.Outputs) is { } order ? order.ToValues<float>(elements) : elements;
    }

    // The order in which the model has the values of a tensor, where it is another than that of the places.
    private static TensorOrder? Order(ProgramImage program, IReadOnlyList<TensorPlace> places) =>
        program.Metadata.TryGetValue(TensorOrder.MetadataKey(NameOf(places[0]).Tensor), out string? text)
            ? TensorOrder.Parse(text, places.Sum(p => p.Rows * p.Columns)) ?? throw new HilException(
                ExitKind.BadInput, $"'{text}' is no order of the values of {places[0].Name}.", program.Name, "Compile the program again.")
            : null;

    /// <summary>A place's tensor and the first of its rows that lie there.</summary>
    public static (string Tensor, int FirstRow) NameOf(TensorPlace place)
    {
        int bracket = place.Name.LastIndexOf('[');
        return bracket > 0 && place.Name.EndsWith(']') && int.TryParse(place.Name[(bracket + 1)..^1], out int row)
            ? (place.Name[..bracket], row)
            : (place.Name, 0);
    }

    /// <summary>The elements of an int8 or int16 tensor.</summary>
    public static int[] Integers(TensorPlace place, ReadOnlySpan<byte> dense)
    {
        var values = new int[place.Rows * place.Columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = place.Type == ElementType.Int8
                ? unchecked((sbyte)dense[i])
                : BinaryPrimitives.ReadInt16LittleEndian(dense[(2 * i)..]);
        }

        return values;
    }
}
