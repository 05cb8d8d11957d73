using Hil.Compiler.Plans;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>
/// The parameter entries of an attention: a multiplier a column for the scores, then C of the softmax and, a lane group later, the bitmap of the keys
/// that count, which is constant or comes from the host.
/// </summary>
internal sealed class AttentionParameters
{
    private readonly Plan _plan;
    private readonly Constant _constant;
    private readonly Constant? _given;

    /// <param name="addedMask">The mask is added to the scores, as they have a bias added.</param>
    public AttentionParameters(Plan plan, QAttention layer, bool addedMask)
    {
        _plan = plan;
        (int columns, int lanes) = (plan.Machine.Columns, plan.Machine.Lanes);
        int sums = addedMask || !layer.Bias.IsEmpty ? RoundUp(columns, lanes) : -1;
        SumEntry = sums;
        IsMasked = layer.IsMasked && !addedMask;
        // Loads begin at even entries.
        SoftmaxEntry = sums >= 0 ? RoundUp(sums + lanes + 1, lanes) : columns;
        if (IsMasked && (SoftmaxEntry + lanes) % 2 == 1) SoftmaxEntry += lanes;
        int mask = SoftmaxEntry + lanes;
        int words = (layer.ValidLength + 63) / 64;
        bool isGiven = IsMasked && layer.Mask is not null;
        var entries = new ParameterEntries(isGiven ? mask : IsMasked ? mask + words : SoftmaxEntry + 1);
        for (int c = 0; c < columns; c++) entries.Set(c, 0, layer.ScoreMultiplier);
        if (sums >= 0)
        {
            entries.Set(sums, 0, 1);
            entries.Set(sums + lanes, 0, 1);
        }

        entries.Set(SoftmaxEntry, 0, layer.SoftmaxFactor);
        if (!layer.Keys.IsEmpty)
        {
            var bits = new byte[words * 8];
            for (int k = 0; k < layer.Keys.Length; k++) bits[k / 8] |= (byte)(layer.Keys[k] << (k % 8));
            entries.SetBits(mask, bits);
        }

        _constant = entries.ToConstant();
        if (isGiven && !plan.Given.TryGetValue(layer.Mask!, out _given))
            plan.Given.Add(layer.Mask!, _given = new Constant(new byte[(words + (words & 1)) * 8]) { IsGiven = true });
    }

    /// <summary>A bitmap follows C.</summary>
    public bool IsMasked { get; }

    /// <summary>The entry of C, counted from the first.</summary>
    public int SoftmaxEntry { get; }

    /// <summary>The two entries, a lane group apart, of a plain sum; −1 if there is none.</summary>
    public int SumEntry { get; }

    /// <summary>What a SOFTMAX finds in its bitmap.</summary>
    public object MaskContent => _given ?? _constant;

    public (int First, object Content) Load() => _given is null ? _plan.LoadParameters(_constant) : _plan.LoadParameters(_constant, _given);

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
