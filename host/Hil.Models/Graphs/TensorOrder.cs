using System.Collections.Immutable;

namespace Hil.Models.Graphs;

/// <summary>
/// How the values of an ONNX tensor lie in a tensor of rows and columns where they do not lie in the same order, as with channels before positions:
/// the value at [i₀, i₁, …] lies at Σ iₖ·Strides[k] of the row-major elements.
/// </summary>
public sealed record TensorOrder(ImmutableArray<long> Shape, ImmutableArray<long> Strides)
{
    /// <summary>Number of values.</summary>
    public int Count => checked((int)Shape.Aggregate(1L, (a, b) => a * b));

    /// <summary>The elements of the tensor of rows and columns for the row-major values of the ONNX tensor.</summary>
    public T[] ToElements<T>(ReadOnlySpan<T> values)
    {
        var places = Places();
        var result = new T[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            result[places[i]] = values[i];
        }

        return result;
    }

    /// <summary>The row-major values of the ONNX tensor for the elements of the tensor of rows and columns.</summary>
    public T[] ToValues<T>(ReadOnlySpan<T> elements)
    {
        var places = Places();
        var result = new T[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            result[i] = elements[places[i]];
        }

        return result;
    }

    /// <summary>Where each value lies.</summary>
    private int[] Places()
    {
        var places = new int[Count];
        for (var i = 0; i < places.Length; i++)
        {
            var (rest, place) = ((long)i, 0L);
            for (var axis = Shape.Length - 1; axis >= 0; axis--)
            {
                place += rest % Shape[axis] * Strides[axis];
                rest /= Shape[axis];
            }

            places[i] = (int)place;
        }

        return places;
    }
}
