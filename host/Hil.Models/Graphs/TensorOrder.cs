using System.Collections.Immutable;
using System.Globalization;

namespace Hil.Models.Graphs;

/// <summary>
/// How the values of an ONNX tensor lie in a tensor of rows and columns where they do not lie in the same order, as with channels before positions:
/// the value at [i₀, i₁, …] lies at Σ iₖ·Strides[k] of the row-major elements.
/// </summary>
public sealed record TensorOrder(ImmutableArray<long> Shape, ImmutableArray<long> Strides)
{
    /// <summary>Under this name a program's metadata have the order of one of its inputs or outputs.</summary>
    public static string MetadataKey(string tensor) => $"order.{tensor}";

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

    /// <summary>Shape and strides, as <see cref="Parse"/> reads them.</summary>
    public override string ToString() => $"{string.Join(' ', Shape)}/{string.Join(' ', Strides)}";

    /// <summary>Reads what <see cref="ToString"/> writes; null if it is no order of as many values.</summary>
    public static TensorOrder? Parse(string text, int count)
    {
        ArgumentNullException.ThrowIfNull(text);
        long[]?[] parts = [.. text.Split('/').Select(Numbers)];
        return parts is [{ } shape, { } strides] && new TensorOrder([.. shape], [.. strides]) is var order && order.IsPermutationOf(count) ? order : null;

        static long[]? Numbers(string part)
        {
            string[] words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words.All(w => long.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                ? [.. words.Select(w => long.Parse(w, CultureInfo.InvariantCulture))]
                : null;
        }
    }

    /// <summary>Every one of the elements has exactly one value.</summary>
    public bool IsPermutationOf(int count)
    {
        if (Shape.IsDefault || Strides.IsDefault || Shape.Length != Strides.Length || Shape.Any(d => d < 1 || d > count))
        {
            return false;
        }

        // Sorted by stride, each axis must step over exactly what the smaller ones span.
        var span = 1L;
        foreach (var (length, stride) in Shape.Zip(Strides).Where(a => a.First > 1).OrderBy(a => a.Second))
        {
            if (stride != span || span > count)
            {
                return false;
            }

            span *= length;
        }

        return span == count;
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
