using Hil.Models.Graphs;

namespace Hil.Models.Import;

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
    /// <summary>Where the elements lie in the base if not in its own order; null if they do.</summary>
    public long[]? Strides { get; init; }
}

/// <summary>A tensor that the host computes of the model inputs, if the device or a mask reads it.</summary>
internal sealed record FrontValue : Value;

/// <summary>factor · query · keyᵀ for each head, with what has been added since.</summary>
internal sealed record Scores(Base Query, Base Key, int Heads, int HeadSize, double Factor, string Node) : Value
{
    /// <summary>A mask that the host computes, or null.</summary>
    public MaskInput? Mask { get; init; }

    /// <summary>Whether a key counts, [rows, keys], as constants say; null if all do.</summary>
    public bool[]? Keeps { get; init; }

    /// <summary>What constants add, [heads, rows, keys]; null if nothing.</summary>
    public float[]? Bias { get; init; }
}

/// <summary>The softmax of scores over the keys.</summary>
internal sealed record Probabilities(Scores Scores, string Node) : Value;

/// <summary>A two-dimensional tensor that a layer gives (or the model input). Its name changes as later nodes are fused to the layer.</summary>
internal sealed class Base
{
    public required int Rows { get; set; }

    public required int Columns { get; init; }

    /// <summary>ONNX tensor whose row-major values are these; null until a node gives them in this order.</summary>
    public string? Name
    {
        get;
        set => (field, Order) = (value, null);
    }

    /// <summary>How the named tensor's values lie in rows and columns; null if row-major.</summary>
    public TensorOrder? Order { get; set; }

    /// <summary>The ONNX tensor whose values these are some of, where no ONNX tensor has just these; then the name is one of our own.</summary>
    public string? RangeOf { get; set; }

    /// <summary>The layer that gives it; null for the model input.</summary>
    public Draft? Producer { get; set; }
}

/// <summary>A layer under construction.</summary>
internal abstract class Draft(Base output)
{
    public Base Output { get; } = output;

    public abstract Layer Build(string name);
}

internal sealed class VectorDraft(Base output, Func<string, string, Layer> build) : Draft(output)
{
    public override Layer Build(string name) => build(name, Output.Name!);
}

internal sealed class ProductDraft(Base input, Base output, string weightsName, float[] weights, string sum) : Draft(output)
{
    public float[] Bias { get; set; } = [];

    public Activation Activation { get; set; }

    public ScalarFunction? Function { get; set; }

    public string Sum { get; set; } = sum;

    public string? ProductTensor { get; set; }

    public Base? Residual { get; set; }

    public float[] Addend { get; set; } = [];

    public int RowOffset { get; set; }

    public Window? Window { get; init; }

    public Base Input => input;

    /// <summary>Nothing has been added to what the product itself gives.</summary>
    public bool IsBare => Residual is null && Addend.Length == 0 && RowOffset == 0 && Output.Rows == (Window?.Outputs ?? input.Rows);

    /// <summary>The product that gives some of its columns, in the given order.</summary>
    public ProductDraft Columns(Base narrow, ReadOnlySpan<int> columns)
    {
        var k = weights.Length / Output.Columns;
        var part = new float[k * columns.Length];
        for (var r = 0; r < k; r++)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                part[(r * columns.Length) + c] = weights[(r * Output.Columns) + columns[c]];
            }
        }

        float[] bias = Bias.Length == 0 ? [] : new float[columns.Length];
        for (var c = 0; c < bias.Length; c++)
        {
            bias[c] = Bias[columns[c]];
        }

        return new ProductDraft(input, narrow, weightsName, part, narrow.Name!) { Bias = bias, Window = Window };
    }

    /// <summary>Multiplies what it gives by a number.</summary>
    public void Scale(double factor)
    {
        weights = [.. weights.Select(w => (float)(w * factor))];
        Bias = [.. Bias.Select(b => (float)(b * factor))];
    }

    /// <summary>Multiplies each column by a number and adds one; null: by 1, or nothing.</summary>
    public void Affine(float[]? scale, float[]? offset)
    {
        var n = Output.Columns;
        if (scale is not null)
        {
            weights = [.. weights.Select((w, i) => w * scale[i % n])];
            Bias = [.. Bias.Select((b, i) => b * scale[i])];
        }

        if (offset is not null)
        {
            Bias = Bias.Length == 0 ? offset : [.. Bias.Zip(offset, (a, b) => a + b)];
        }
    }

    public override Layer Build(string name) => new Product(
        name,
        input.Name!,
        Output.Name!,
        weightsName,
        [.. weights],
        input.Columns * (Window?.Taps ?? 1),
        Output.Columns,
        [.. Bias],
        Activation,
        Sum,
        ProductTensor ?? Output.Name!,
        Residual?.Name,
        [.. Addend],
        RowOffset)
    {
        Window = Window,
        Function = Function,
    };
}
