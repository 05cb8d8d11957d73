namespace Hil.Emulator.Functional.Products;

/// <summary>What a weight slot holds at a point of the program, as far as it is known before it runs.</summary>
internal abstract record WeightBinding(int Instruction)
{
    /// <summary>Tiles in the slot.</summary>
    public abstract int Tiles { get; }

    /// <summary>The index of a tile.</summary>
    public abstract int Index(int tile);
}

/// <summary>Weights that the image holds: the same for all samples.</summary>
internal sealed record StaticWeights(int Instruction, long Address, ushort[] Indices, sbyte[] Weights) : WeightBinding(Instruction)
{
    public override int Tiles => Indices.Length;

    public override int Index(int tile) => Indices[tile];
}

/// <summary>Weights that LOAD_DYNAMIC takes from the scratchpad.</summary>
internal sealed record DynamicWeights(
    int Instruction, int Address, int Stride, int KLength, int Columns, bool ByColumns, int ArrayRows, Region Region)
    : WeightBinding(Instruction)
{
    public override int Tiles => (KLength + ArrayRows - 1) / ArrayRows;

    public override int Index(int tile) => tile;
}

/// <summary>One COMPUTE of a strip: activations, weights, and whether what is there is shifted by 7 first.</summary>
internal sealed record Term(int Source, int Stride, bool Shift7, int Tiles, WeightBinding? Weights);

/// <summary>One REQUANTIZE of a strip, with its parameters as they are at that point of the program.</summary>
internal sealed record Sink(
    int Output, int Stride, int Columns, int Shift, bool Wide, bool Accumulate, byte[]? Table, bool PerRow, int RowScale,
    int[] Bias, int[] Multiplier)
{
    public int ElementBytes => Wide ? 2 : 1;
}

/// <summary>One strip of output columns: all that is summed into an accumulator half, and all that is made of it.</summary>
internal sealed class Strip(int half, int rows)
{
    public int Half => half;

    public int Rows => rows;

    public List<Term> Terms { get; } = [];

    public List<Sink> Sinks { get; } = [];

    /// <summary>Accumulator rows that still hold this strip when all pending strips have run: from this one on.</summary>
    public int VisibleFrom { get; set; }

    /// <summary>Whether two strips have the same activations, so that they are columns of one product.</summary>
    public bool Matches(Strip other)
    {
        if (rows != other.Rows || Terms.Count != other.Terms.Count) return false;
        for (int t = 0; t < Terms.Count; t++)
        {
            (Term a, Term b) = (Terms[t], other.Terms[t]);
            bool same = a.Source == b.Source && a.Stride == b.Stride && a.Shift7 == b.Shift7
                && a.Weights is DynamicWeights == b.Weights is DynamicWeights;
            if (!same) return false;
        }

        return true;
    }
}
