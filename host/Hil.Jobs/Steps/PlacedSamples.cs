using System.Buffers.Binary;
using Hil.Contract.Programs;
using Hil.Devices;

namespace Hil.Jobs.Steps;

/// <summary>
/// Tensors of a program, each of which lies in one place or, where it is larger than a bank, in one place per run of
/// rows, named <c>name[first row]</c>.
/// </summary>
internal static class PlacedSamples
{
    /// <summary>Real numbers of the program's one input, row-major, as a device wants them.</summary>
    public static DeviceSample Encode(ProgramImage program, ReadOnlyMemory<float> values)
    {
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

    /// <summary>The program's one output, row-major.</summary>
    public static float[] Decode(ProgramImage program, IReadOnlyList<byte[]> outputs) =>
        [.. program.Outputs.Zip(outputs, (place, bytes) => TensorCodec.Decode(place, bytes)).SelectMany(v => v)];

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
