namespace Hil.Models.Import.Values;

/// <summary>Strides of tensors that are re-read in another shape or order.</summary>
internal static class Layout
{
    /// <summary>Row-major strides. An axis of length 1 keeps the stride it has in <paramref name="like"/>, since it is never stepped.</summary>
    public static long[] Contiguous(long[] shape, long[]? like = null)
    {
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = shape[i] == 1 && like is not null ? like[i] : stride;
            stride *= shape[i];
        }

        return strides;
    }

    /// <summary>Strides of the same elements in another shape, or null if no strides can say it.</summary>
    public static long[]? Reshape(View view, long[] shape)
    {
        var from = view.Axes();
        var strides = new long[shape.Length];
        var axis = from.Length - 1;
        var left = axis < 0 ? 1 : from[axis].Length;
        var stride = axis < 0 ? 1 : from[axis].Stride;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] == 1)
            {
                strides[i] = stride;
                continue;
            }

            if (left == 1 && --axis >= 0)
            {
                (left, stride) = from[axis];
            }

            // A new axis may take several old ones if each follows on from the one before it.
            while (left < shape[i])
            {
                if (axis <= 0 || from[axis - 1].Stride != stride * left || shape[i] % left != 0)
                {
                    return null;
                }

                axis--;
                left *= from[axis].Length;
            }

            if (left % shape[i] != 0)
            {
                return null;
            }

            strides[i] = stride;
            stride *= shape[i];
            left /= shape[i];
        }

        return strides;
    }

    /// <summary>A constant repeated to a shape by the rules of ONNX broadcasting, or null if it does not fit.</summary>
    public static float[]? Broadcast(float[] values, long[] dims, long[] shape)
    {
        if (dims.Length > shape.Length)
        {
            return null;
        }

        var own = Contiguous(dims);
        var strides = new long[shape.Length];
        for (var i = 0; i < dims.Length; i++)
        {
            var target = shape.Length - dims.Length + i;
            if (dims[i] != 1 && dims[i] != shape[target])
            {
                return null;
            }

            strides[target] = dims[i] == 1 ? 0 : own[i];
        }

        var count = shape.Aggregate(1L, (a, b) => a * b);
        var result = new float[count];
        for (var flat = 0L; flat < count; flat++)
        {
            var (rest, source) = (flat, 0L);
            for (var i = shape.Length - 1; i >= 0; i--)
            {
                source += rest % shape[i] * strides[i];
                rest /= shape[i];
            }

            result[flat] = values[source];
        }

        return result;
    }
}
