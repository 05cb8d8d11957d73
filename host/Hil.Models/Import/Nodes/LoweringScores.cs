using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>What stands between the product of queries and keys and its softmax: scales, masks, and constants that are added.</summary>
internal sealed partial class Lowering
{
    /// <summary>From here on down a number that is added to a score leaves its key out: e⁻¹⁰⁰⁰ is 0 in any format.</summary>
    private const float MaskedFrom = -1000;

    private const string MaskAdvice = "Use softmax(q·kᵀ·scale + mask)·v, the mask a constant or computed of the model's inputs.";

    private Value LowerOnScores(NodeProto node, string name, Scores scores)
    {
        if (ScaleOf(node, name) is { } scale)
        {
            return scores with { Factor = scores.Factor * scale, Bias = scores.Bias is { } b ? [.. b.Select(v => (float)(v * scale))] : null };
        }

        var other = node.Input.FirstOrDefault(i => i != name) ?? string.Empty;
        Value? result = node.OpType switch
        {
            "Add" when facts.Constant(other) is { Floats: { } values } constant => WithConstant(scores, name, values, constant.Dims),
            "Add" when facts.IsFront(other) => WithMask(scores, name, other, MaskMeaning.Additive),
            "Max" when facts.Constant(other)?.Floats is [<= MaskedFrom] => scores,
            _ => Unsupported("Attention scores can be scaled, masked, or have a constant added.", MaskAdvice),
        };
        return result ?? new UnknownValue();
    }

    /// <summary>The softmax is of scores that a Where with the same condition masks.</summary>
    private bool IsMaskedBy(string softmax, string condition) =>
        facts.Producer(softmax) is >= 0 and var s && graph.Node[s] is { OpType: "Softmax" } node
        && facts.Producer(node.Input[0]) is >= 0 and var w && graph.Node[w] is { OpType: "Where" } where && (where.Input[0] == condition || fault == ImporterFault.AnyConditionMasks) && _values.GetValueOrDefault(where.Input[1]) is Scores;

    /// <summary>Where: keys that a condition leaves out; or zeros for the NaN of rows without keys, which the device never gives.</summary>
    private Value LowerWhere(NodeProto node)
    {
        var (condition, first, second) = (node.Input[0], node.Input[1], node.Input[2]);
        if (_values.GetValueOrDefault(condition) is Probabilities && _values.GetValueOrDefault(second) is Probabilities masked
            && facts.Constant(first)?.Floats is [0])
        {
            return masked;
        }

        // Where no key counts, the device gives zeros by itself.
        if (_values.GetValueOrDefault(first) is Probabilities probabilities && facts.Constant(second)?.Floats is [0] && IsMaskedBy(first, condition))
        {
            return probabilities;
        }

        var keeps = _values.GetValueOrDefault(first) is Scores;
        var name = keeps ? first : second;
        if (!node.Input.Any(i => _values.GetValueOrDefault(i) is Scores or Probabilities))
        {
            return LowerChoice(node);
        }

        if (_values.GetValueOrDefault(name) is not Scores scores || (facts.Constant(keeps ? second : first)?.Floats is not [<= MaskedFrom] && fault != ImporterFault.AnyFillMasks))
        {
            return Unsupported("It does not leave keys out of attention scores by a very negative constant.", MaskAdvice);
        }

        if (facts.Constant(condition) is { Integers: { } bits } constant)
        {
            float[] fills = [.. bits.Select(v => (v != 0) == keeps ? 0f : float.NegativeInfinity)];
            return WithConstant(scores, name, fills, constant.Dims) ?? (Value)new UnknownValue();
        }

        return facts.IsFront(condition)
            ? WithMask(scores, name, condition, keeps ? MaskMeaning.Keeps : MaskMeaning.Drops) ?? (Value)new UnknownValue()
            : Unsupported("Its condition depends on the model's layers.", MaskAdvice);
    }

    /// <summary>A mask that the host computes for each sample.</summary>
    private Scores? WithMask(Scores scores, string name, string tensor, MaskMeaning meaning)
    {
        var (rows, keys) = ((int)facts.Shape(name)[^2], (int)facts.Shape(name)[^1]);
        var shape = facts.Shape(tensor);
        long count = shape.Aggregate(1L, (a, b) => a * b);
        if (scores.Windows > 1)
        {
            return Reported("A mask of the host is applied to attention within windows.", "Use a constant mask.");
        }

        if (scores.Mask is not null && fault != ImporterFault.SecondMaskUnchecked)
        {
            return Reported("A second mask is applied to the same scores.", "Combine the masks before the attention.");
        }

        if (fault == ImporterFault.MaskShapeUnchecked)
        {
            return scores with { Mask = new MaskInput(tensor, meaning, keys, false) };
        }

        if (shape.Length == 0 || shape[^1] != keys || (count != keys && !(shape.Length > 1 && shape[^2] == rows && count == (long)rows * keys)))
        {
            return Reported($"Its mask is [{string.Join(", ", shape)}], not one row of {keys} keys for all heads.", "Use one mask of [1, 1, 1, keys] or [1, 1, rows, keys].");
        }

        var sample = facts.Sample(tensor);
        var causal = count != keys && rows > 1 && sample is not null && IsLowerTriangle(i => MaskBits.Counts(sample[i], meaning), rows, keys);
        return scores with { Mask = new MaskInput(tensor, meaning, keys, causal) };
    }

    /// <summary>A constant that is added: very negative numbers leave keys out, others are a bias.</summary>
    private Scores? WithConstant(Scores scores, string name, float[] values, long[] dims)
    {
        var shape = facts.Shape(name);
        var (rows, keys) = ((int)shape[^2], (int)shape[^1]);
        if (Layout.Broadcast(values, dims, shape) is not { } whole || whole.Length != (long)scores.Windows * scores.Heads * rows * keys || Array.Exists(whole, float.IsNaN))
        {
            return Reported("The constant that it adds does not have the shape of the scores.", MaskAdvice);
        }

        var from = fault == ImporterFault.MildBiasMasks ? 0 : MaskedFrom;
        // What leaves keys out alike in all windows and heads is a mask; else it stays among what is added, in the smallest score there is.
        var isAlike = fault == ImporterFault.MaskOfFirstHead || Enumerable.Range(0, whole.Length).All(i => whole[i] <= from == whole[i % (rows * keys)] <= from);
        var keeps = scores.Keeps is { } before ? (bool[])before.Clone() : [.. Enumerable.Repeat(true, rows * keys)];
        for (var i = 0; isAlike && i < keeps.Length; i++)
        {
            keeps[i] &= whole[i] > from;
        }

        var bias = Array.ConvertAll(whole, v => v > from ? v : isAlike ? 0 : float.NegativeInfinity);
        bias = scores.Bias is { } old ? [.. old.Zip(bias, (a, b) => a + b)] : bias;
        return scores with { Keeps = Array.TrueForAll(keeps, k => k) ? null : keeps, Bias = Array.TrueForAll(bias, b => b == 0) ? null : bias };
    }

    private Scores? Reported(string reason, string whatToDo)
    {
        Unsupported(reason, whatToDo);
        return null;
    }

    /// <summary>What of the collected masks the softmax's own flags say; the rest goes to the bias.</summary>
    private static KeyMask? MaskOf(Scores scores, out ImmutableArray<float> bias)
    {
        var (rows, keys) = (scores.Rows, scores.Keys);
        bias = scores.Bias is { } added ? WithoutEqualParts(added, rows * keys, scores.Heads) : [];
        var isCausal = scores.Mask is { Causal: true };
        var whole = new KeyMask(scores.Mask, [], isCausal ? 1 : keys, isCausal);
        if (scores.Keeps is not { } keeps)
        {
            return scores.Mask is null ? null : whole;
        }

        if (scores.Windows > 1)
        {
            bias = Filled(bias, keeps);
            return null;
        }

        var first = keeps.TakeWhile(k => k).Take(keys).Count();
        var isEqual = Enumerable.Range(0, rows * keys).All(i => keeps[i] == keeps[i % keys]);
        if (isEqual && !isCausal && !keeps.Take(keys).Skip(first).Any(k => k) && first > 0)
        {
            return whole with { FirstLength = first };
        }

        if (isEqual && scores.Mask is null)
        {
            return whole with { Keys = [.. keeps.Take(keys)] };
        }

        if ((!isCausal || first == 1) && Enumerable.Range(0, rows * keys).All(i => keeps[i] == (i % keys < first + (i / keys))))
        {
            return whole with { FirstLength = first, Causal = true };
        }

        bias = Filled(bias, keeps);
        return scores.Mask is null ? null : whole;
    }

    /// <summary>A mask of no form of its own: the keys that it leaves out get the smallest score there is.</summary>
    private static ImmutableArray<float> Filled(ImmutableArray<float> bias, bool[] keeps)
    {
        float[] sums = bias.Length == 0 ? new float[keeps.Length] : [.. bias];
        return [.. sums.Select((b, i) => keeps[i % keeps.Length] ? b : float.NegativeInfinity)];
    }

    /// <summary>What is added once where it is the same for all heads and windows, once a head where it is the same for all windows.</summary>
    private static ImmutableArray<float> WithoutEqualParts(float[] bias, int size, int heads)
    {
        var period = new[] { size, heads * size, bias.Length }.First(p => Enumerable.Range(0, bias.Length).All(i => bias[i] == bias[i % p]));
        return [.. bias.Take(period)];
    }

    private static bool IsLowerTriangle(Func<int, bool> counts, int rows, int keys) =>
        Enumerable.Range(0, rows * keys).All(i => counts(i) == (i % keys <= i / keys));
}
