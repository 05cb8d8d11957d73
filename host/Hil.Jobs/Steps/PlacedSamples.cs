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
    /// <summary>Real numbers of the program's one input, in the order of the model, as a device wants them.</summary>
    public static DeviceSample Encode(ProgramImage program, ReadOnlyMemory<float> values)
    {
        values = Order(program, program.Inputs) is { } order ? order.ToElements(values.Span) : values;
        var inputs = new List<ReadOnlyMemory<byte>>();
        int at = 0;
        foreach (TensorPlace place in program.Inputs)
        {
            int count = place.Rows * place.Columns;
            inputs.Add(TensorCodec.Encode(place, values.Span.Slice(at, count)));
            at += count;
        }

        return new DeviceSample(inputs);
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
