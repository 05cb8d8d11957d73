using Hil.Models.Quantized;

namespace Hil.Models.Export;

/// <summary>Attention: [windows, heads, rows, columns] between two products, with a bias and a mask on its scores.</summary>
internal sealed partial class QdqWriter
{
    /// <summary>Scores are in 1/256 octave (docs/numerics.md §7).</summary>
    private const double ScoreStepsPerNat = 256 * 1.4426950408889634;

    /// <summary>The score of a key that does not count: its exponential is 0 beside that of any that does.</summary>
    private const float Excluded = -1e30f;

    private void AddAttention(QAttention a)
    {
        var (query, key, output) = (_graph.Tensors[a.Query], _graph.Tensors[a.Key], _graph.Tensors[a.Output]);
        var factor = Math.ScaleB(a.ScoreMultiplier, -a.ScoreShift) / (ScoreStepsPerNat * query.Scale * key.Scale);
        var products = _build.Named(
            a.ScoresNode, "MatMul", $"{a.Output}:products", [Heads(a, "query", query, false), Heads(a, "key", key, true)]);
        var scores = Biased(a, Times($"{a.Output}:scores", products, factor));
        var keep = Keep(a);
        var weights = Masked(a, keep, scores);
        string[] context = [weights, Heads(a, "value", _graph.Tensors[a.Value], false)];
        if (!HasHeads(a))
        {
            Store(a.Output, _build.Named(a.Name, "MatMul", output.Source, context), isFull: false);
            return;
        }

        var split = _build.Named(a.ContextNode, "MatMul", $"{a.Output}:context", context);
        var merged = _build.Named(a.Name, "Transpose", output.Source, [split], ("perm", new long[] { 0, 2, 1, 3 }));
        Store(a.Output, _build.Node("Reshape", $"{a.Output}:rows", [merged, _build.Longs($"{a.Output}:shape", 1, output.Rows, output.Columns)]), isFull: false);
    }

    private static bool HasHeads(QAttention a) => a.Heads > 1 || a.Windows > 1;

    /// <summary>A tensor split to heads, those of its rows that are within the valid length.</summary>
    private string Heads(QAttention a, string name, QTensor tensor, bool isTransposed)
    {
        var rows = _values[tensor.Name];
        if (name != "query" && a.ValidLength < tensor.Rows / a.Windows)
        {
            rows = Rows($"{a.Output}:{name}", $"{a.Output}:{name}:valid", rows, 0, a.ValidLength);
        }

        if (HasHeads(a))
        {
            rows = _build.Node(
                "Reshape", $"{a.Output}:{name}:split", [rows, _build.Longs($"{a.Output}:{name}:shape", a.Windows, -1, a.Heads, tensor.Columns / a.Heads)]);
            return _build.Node("Transpose", $"{a.Output}:{name}", [rows], ("perm", isTransposed ? [0, 2, 3, 1] : new long[] { 0, 2, 1, 3 }));
        }

        return isTransposed ? _build.Node("Transpose", $"{a.Output}:{name}", [rows], ("perm", new long[] { 0, 2, 1 })) : rows;
    }

    /// <summary>The scores with the bias, whose steps become nats.</summary>
    private string Biased(QAttention a, string scores)
    {
        if (a.Bias.IsEmpty)
        {
            return scores;
        }

        var rows = Queries(a);
        var each = a.Bias.Length / (rows * a.ValidLength);
        long[] shape = !HasHeads(a) ? [1, rows, a.ValidLength]
            : each > a.Heads ? [a.Windows, a.Heads, rows, a.ValidLength]
            : [1, each, rows, a.ValidLength];
        float[] bias = [.. a.Bias.Select(b => (float)(b / ScoreStepsPerNat))];
        return _build.Node("Add", $"{a.Output}:biased", [scores, _build.Floats($"{a.Output}:bias", bias, shape)]);
    }

    /// <summary>
    /// The softmax over the keys that count. Where a row may have none, it gives zeros, as on the device; a constant mask that leaves each row some key is
    /// an addend, as models have it.
    /// </summary>
    private string Masked(QAttention a, bool[]? keep, string scores)
    {
        var (rows, keys) = (Queries(a), a.ValidLength);
        string Softmax(string of) => _build.Named(a.SoftmaxNode, "Softmax", $"{a.Output}:probabilities", [of], ("axis", -1));
        if (keep is null && a.Mask is null)
        {
            return Softmax(scores);
        }

        if (a.Mask is null && Enumerable.Range(0, rows).All(r => keep.AsSpan(r * keys, keys).Contains(true)))
        {
            float[] addend = [.. keep!.Select(k => k ? 0 : Excluded)];
            return Softmax(_build.Node("Add", $"{a.Output}:masked", [scores, _build.Floats($"{a.Output}:mask", addend, rows, keys)]));
        }

        var counts = keep is null ? null : _build.Booleans($"{a.Output}:keep", keep, rows, keys);
        if (a.Mask is { } mask)
        {
            var given = _graph.Masks.First(m => m.Name == mask).Source.Keys;
            var valid = given == keys ? _values[mask]
                : _build.Node("Slice", $"{a.Output}:valid", [_values[mask], Long(a, "first", 0), Long(a, "length", keys), Long(a, "axis", 1)]);
            counts = counts is null ? valid : _build.Node("And", $"{a.Output}:counts", [counts, valid]);
        }

        var excluded = _build.Node("Where", $"{a.Output}:masked", [counts!, scores, _build.Number($"{a.Output}:excluded", Excluded)]);
        return _build.Node("Where", $"{a.Output}:counted", [counts!, Softmax(excluded), _build.Number($"{a.Output}:none", 0)]);
    }

    /// <summary>Row by row, the keys that count as far as constants say; null if all do.</summary>
    private bool[]? Keep(QAttention a)
    {
        if (a.Keys.IsEmpty && !a.Causal)
        {
            return null;
        }

        var keep = new bool[Queries(a) * a.ValidLength];
        for (var i = 0; i < keep.Length; i++)
        {
            var (row, key) = (i / a.ValidLength, i % a.ValidLength);
            keep[i] = (!a.Causal || key < a.FirstLength + row) && (a.Keys.IsEmpty || a.Keys[key] != 0);
        }

        return keep;
    }

    private int Queries(QAttention a) => _graph.Tensors[a.Query].Rows / a.Windows;

    private string Long(QAttention a, string name, long value) => _build.Longs($"{a.Output}:mask:{name}", value);
}
