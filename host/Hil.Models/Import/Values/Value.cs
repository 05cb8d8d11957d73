using Hil.Models.Graphs;

namespace Hil.Models.Import.Values;

/// <summary>What an ONNX tensor stands for while the graph is lowered.</summary>
internal abstract record Value;

/// <summary>A tensor that has been reported already; whatever reads it is silent.</summary>
internal sealed record UnknownValue : Value;

/// <summary>Elements of a materialised tensor in some order, times a factor: element i₀,i₁… is base[Offset + Σ i·stride].</summary>
internal sealed record View(Base Base, long[] Shape, long[] Strides, double Factor) : Value
{
    /// <summary>The base's element at [0, 0, …].</summary>
    public long Offset { get; init; }

    /// <summary>The base's element that is the i-th of the view, row-major.</summary>
    public int ElementAt(int i)
    {
        var (rest, element) = ((long)i, Offset);
        for (var axis = Shape.Length - 1; axis >= 0; axis--)
        {
            element += rest % Shape[axis] * Strides[axis];
            rest /= Shape[axis];
        }

        return (int)element;
    }

    /// <summary>The elements are those of the base in the base's own order.</summary>
    public bool IsPlain => IsWhole && Strides.AsSpan().SequenceEqual(Layout.Contiguous(Shape, Strides));

    /// <summary>The elements are all those of the base, each once, in any order.</summary>
    public bool IsWhole => Offset == 0 && new TensorOrder([.. Shape], [.. Strides]).IsPermutationOf(Base.Rows * Base.Columns);

    /// <summary>The axes that are longer than 1, as (length, stride).</summary>
    public (long Length, long Stride)[] Axes() =>
        [.. Shape.Zip(Strides).Where(a => a.First > 1).Select(a => (a.First, a.Second))];
}

/// <summary>A function of each row of one plain tensor, not yet recognised as a layer.</summary>
internal sealed record Expression(Base Base, long[] Shape, RowFunction Function, HashSet<int> Nodes) : Value
{
    /// <summary>It is the index or the entry of a table (256 entries): integers, not yet what they mean.</summary>
    public bool IsIndex { get; init; }

    /// <summary>The grid of the base's values on which a table has its entries; null if it is no table, or not of a scaled tensor.</summary>
    public TensorEncoding? Grid { get; init; }

    /// <summary>Where the elements lie in the base if not in its own order; null if they do.</summary>
    public long[]? Strides { get; init; }
}

/// <summary>A tensor that the host computes of the model inputs, if the device or a mask reads it.</summary>
internal sealed record FrontValue : Value;

/// <summary>factor · query · keyᵀ for each head of each window (an equal run of rows of both), with what has been added since.</summary>
internal sealed record Scores(Base Query, Base Key, int Windows, int Heads, int HeadSize, double Factor, string Node) : Value
{
    /// <summary>Queries of a window.</summary>
    public int Rows => Query.Rows / Windows;

    /// <summary>Keys of a window.</summary>
    public int Keys => Key.Rows / Windows;

    /// <summary>A mask that the host computes, or null.</summary>
    public MaskInput? Mask { get; init; }

    /// <summary>Whether a key counts, [rows, keys], as constants say; null if all do.</summary>
    public bool[]? Keeps { get; init; }

    /// <summary>What constants add, [windows · heads, rows, keys], minus infinity where that leaves a key out; null if nothing.</summary>
    public float[]? Bias { get; init; }
}

/// <summary>The softmax of scores over the keys: the last axis, or with <see cref="KeysFirst"/> the one before it.</summary>
internal sealed record Probabilities(Scores Scores, string Node) : Value
{
    /// <summary>Transposed: [.., keys, queries].</summary>
    public bool KeysFirst { get; init; }
}

/// <summary>The rows of a tensor, each times its key's probability of one query; their sum is attention.</summary>
internal sealed record WeightedRows(Probabilities Probabilities, View Rows) : Value;
