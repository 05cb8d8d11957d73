using Hil.Contract;
using Hil.Models.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Hil.Models.Reference;

/// <summary>Values on their way into and out of ONNX Runtime. Everything is float32 outside; integers are exact below 2²⁴.</summary>
internal static class OrtTensors
{
    public static bool IsKnown(int elementType) =>
        elementType is TensorData.Float or TensorData.Int64 or TensorData.Int32 or TensorData.Bool or TensorData.Double || IsElement(elementType);

    /// <summary>The type of a quantized tensor's elements.</summary>
    public static bool IsElement(int elementType) => elementType is TensorData.Int8 or TensorData.Uint8 or TensorData.Int16 or TensorData.Uint16;

    /// <summary>The first value that an element of 8 or 16 bits cannot be; null if there is none, or the type is another.</summary>
    public static float? Unfit(int elementType, ReadOnlySpan<float> values)
    {
        var (least, most) = elementType switch
        {
            TensorData.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            TensorData.Uint8 => (byte.MinValue, byte.MaxValue),
            TensorData.Int16 => (short.MinValue, short.MaxValue),
            TensorData.Uint16 => (ushort.MinValue, ushort.MaxValue),
            _ => (int.MinValue, int.MaxValue),
        };
        foreach (var value in values)
        {
            if (IsElement(elementType) && !(value >= least && value <= most && value == MathF.Truncate(value)))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>A tensor of the given ONNX element type.</summary>
    public static OrtValue Create(int elementType, ReadOnlySpan<float> values, long[] shape) => elementType switch
    {
        TensorData.Float => OrtValue.CreateTensorValueFromMemory(values.ToArray(), shape),
        TensorData.Int64 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (long)v), shape),
        TensorData.Int32 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (int)v), shape),
        TensorData.Bool => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => v != 0), shape),
        TensorData.Double => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (double)v), shape),
        TensorData.Int8 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (sbyte)v), shape),
        TensorData.Uint8 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (byte)v), shape),
        TensorData.Int16 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (short)v), shape),
        TensorData.Uint16 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (ushort)v), shape),
        _ => throw new ArgumentOutOfRangeException(nameof(elementType), elementType, "The element type is not known."),
    };

    /// <summary>The values of a tensor of integers or truth values (true is 1); null of another.</summary>
    public static long[]? Longs(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
        TensorElementType.Int32 => Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), v => (long)v),
        TensorElementType.Bool => Array.ConvertAll(value.GetTensorDataAsSpan<bool>().ToArray(), v => v ? 1L : 0),
        _ => null,
    };

    /// <summary>The values of a tensor as float32, true as 1.</summary>
    public static float[] Floats(OrtValue value, string name)
    {
        var type = value.GetTensorTypeAndShape().ElementDataType;
        return type switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Int64 => Array.ConvertAll(value.GetTensorDataAsSpan<long>().ToArray(), v => (float)v),
            TensorElementType.Int32 => Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), v => (float)v),
            TensorElementType.Double => Array.ConvertAll(value.GetTensorDataAsSpan<double>().ToArray(), v => (float)v),
            TensorElementType.Bool => Array.ConvertAll(value.GetTensorDataAsSpan<bool>().ToArray(), v => v ? 1f : 0f),
            TensorElementType.Int8 => Array.ConvertAll(value.GetTensorDataAsSpan<sbyte>().ToArray(), v => (float)v),
            TensorElementType.UInt8 => Array.ConvertAll(value.GetTensorDataAsSpan<byte>().ToArray(), v => (float)v),
            TensorElementType.Int16 => Array.ConvertAll(value.GetTensorDataAsSpan<short>().ToArray(), v => (float)v),
            TensorElementType.UInt16 => Array.ConvertAll(value.GetTensorDataAsSpan<ushort>().ToArray(), v => (float)v),
            _ => throw new HilException(
                ExitKind.Unsupported, $"the tensor '{name}' is of type {type}.", name, "Use float32, int64 or bool there."),
        };
    }
}
