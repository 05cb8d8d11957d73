using Hil.Models.Onnx;

namespace Hil.Models.Import.Quantized;

/// <summary>Integer types of quantized tensors.</summary>
internal static class QuantizedTypes
{
    /// <summary>Least and largest value, and what is taken off both and the zero point so that the type is signed; null for a type of no quantizer.</summary>
    public static (int Minimum, int Maximum, int Shift)? Range(int type) => type switch
    {
        TensorData.Int4 => (-8, 7, 0),
        TensorData.Uint4 => (0, 15, 8),
        TensorData.Int8 => (sbyte.MinValue, sbyte.MaxValue, 0),
        TensorData.Uint8 => (0, byte.MaxValue, 128),
        TensorData.Int16 => (short.MinValue, short.MaxValue, 0),
        TensorData.Uint16 => (0, ushort.MaxValue, 32768),
        _ => null,
    };
}
