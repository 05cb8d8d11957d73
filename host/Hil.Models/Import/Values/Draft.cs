using System.Runtime.InteropServices;
using Hil.Models.Graphs;

namespace Hil.Models.Import.Values;

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

/// <summary>Rows of a tensor that are seen where they lie.</summary>
internal sealed class RowsDraft(Base output, Base source, int first) : Draft(output)
{
    public Base Source => source;

    public int First => first;

    public override Layer Build(string name) => new SelectRows(name, source.Name!, Output.Name!, first, Output.Rows);
}

internal sealed class VectorDraft(Base output, Func<string, string, Layer> build) : Draft(output)
{
    public override Layer Build(string name) => build(name, Output.Name!);
}

/// <summary>factor · left · right, block by block, of two activations.</summary>
internal sealed class ActivationProductDraft(Base left, Base right, Base output, double factor) : Draft(output)
{
    public double Factor { get; set; } = factor;

    public int Batches { get; init; } = 1;

    public bool IsTransposed { get; init; }

    public bool IsLeftBeside { get; init; }

    public bool IsRightBeside { get; init; }

    public bool IsOutputBeside { get; init; }

    public override Layer Build(string name) => new ActivationProduct(name, left.Name!, right.Name!, Output.Name!, Factor)
    {
        Batches = Batches,
        IsTransposed = IsTransposed,
        IsLeftBeside = IsLeftBeside,
        IsRightBeside = IsRightBeside,
        IsOutputBeside = IsOutputBeside,
    };
}

/// <param name="weights">[in, out], row-major. It becomes the layer's own: nobody writes it any more.</param>
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

    /// <summary>The weights are a skeleton's: zeros, which nobody reads or writes, so that they take no memory.</summary>
    public bool IsBlank { get; init; }

    public Base Input => input;

    /// <summary>Nothing has been added to what the product itself gives.</summary>
    public bool IsBare => Residual is null && Addend.Length == 0 && RowOffset == 0 && Output.Rows == (Window?.Outputs ?? input.Rows);

    /// <summary>The product that gives some of its columns, in the given order.</summary>
    public ProductDraft Columns(Base narrow, ReadOnlySpan<int> columns)
    {
        var k = weights.Length / Output.Columns;
        var part = new float[k * columns.Length];
        for (var r = 0; r < k && !IsBlank; r++)
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

        return new ProductDraft(input, narrow, weightsName, part, narrow.Name!) { Bias = bias, Window = Window, IsBlank = IsBlank };
    }

    /// <summary>Its weights times a number, an output a row: what it gives are their products with its input's rows.</summary>
    public float[] Queries(double factor)
    {
        var (k, n) = (weights.Length / Output.Columns, Output.Columns);
        return [.. Enumerable.Range(0, k * n).Select(i => (float)(weights[(i % k * n) + (i / k)] * factor))];
    }

    /// <summary>Multiplies what it gives by a number.</summary>
    public void Scale(double factor)
    {
        weights = IsBlank ? weights : [.. weights.Select(w => (float)(w * factor))];
        Bias = [.. Bias.Select(b => (float)(b * factor))];
    }

    /// <summary>Multiplies each column by a number and adds one; null: by 1, or nothing.</summary>
    public void Affine(float[]? scale, float[]? offset)
    {
        var n = Output.Columns;
        if (scale is not null)
        {
            weights = IsBlank ? weights : [.. weights.Select((w, i) => w * scale[i % n])];
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
        ImmutableCollectionsMarshal.AsImmutableArray(weights),
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
