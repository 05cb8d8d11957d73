namespace Hil.Models.Quantized;

/// <summary>Numbers to integers and back, at the edge between host and device.</summary>
public static class QEncoding
{
    /// <summary>The elements, row-major, for the values of the tensor's source in its own order: divided by the scale, rounded half to even, saturated to the tensor's type.</summary>
    public static int[] Encode(QTensor tensor, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (values.Length != tensor.Count)
        {
            throw new ArgumentException($"'{tensor.Name}' has {tensor.Count} elements, not {values.Length}.", nameof(values));
        }

        if (tensor.Order is { } order)
        {
            values = order.ToElements(values);
        }

        var limit = tensor.Type switch
        {
            QType.Int8 => 127,
            QType.Int16 => short.MaxValue,
            _ => QTensor.Wide15Maximum,
        };
        var result = new int[values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var rounded = Math.Round(values[i] / tensor.Scale, MidpointRounding.ToEven) + tensor.ZeroPoint;
            result[i] = (int)Math.Clamp(rounded, -limit, limit);
        }

        return result;
    }

    /// <summary>The float values of elements, in the order of the tensor's source.</summary>
    public static float[] Decode(QTensor tensor, ReadOnlySpan<int> elements)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var result = new float[elements.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (float)(tensor.Scale * (elements[i] - tensor.ZeroPoint));
        }

        return tensor.Order is { } order ? order.ToValues<float>(result) : result;
    }

    /// <summary>The two int8 planes of a wide element: x = 128·hi + lo, lo in −64 … 63 (docs/numerics.md §10).</summary>
    public static (sbyte High, sbyte Low) Split(int element)
    {
        var low = ((element + 64) & 127) - 64;
        return ((sbyte)((element - low) / 128), (sbyte)low);
    }
}
