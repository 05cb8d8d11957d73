namespace Hil.Models.Quantized;

/// <summary>Shapes, types and ranges of one layer whose tensors are known to exist.</summary>
internal static class LayerChecks
{
    private const int MaximumShift = 63;
    private const int MaximumNormalizedColumns = 1024;

    public static string? Error(QuantizedGraph graph, QLayer layer) => layer switch
    {
        QProduct product => ProductError(graph, product),
        QAttention attention => AttentionError(graph, attention),
        QNormalize normalize => NormalizeError(graph, normalize),
        QMap map => MapError(graph, map),
        QSelectRows select => SelectError(graph, select),
        _ => ElementChecks.Error(graph, layer),
    };

    private static string? ProductError(QuantizedGraph graph, QProduct p)
    {
        var (input, output) = (graph.Tensors[p.Input], graph.Tensors[p.Output]);
        var rows = p.Window?.Outputs ?? input.Rows;
        return 0 switch
        {
            _ when p.Window is { IsSound: false } => "its window is out of range.",
            _ when p.Window is { } w && w.Height * w.Width != input.Rows => "its window does not match its input's rows.",
            _ when p.K != (long)input.Columns * (p.Window?.Taps ?? 1) || p.N != output.Columns => "K and N do not match its tensors.",
            _ when input.Type == QType.Int16 || output.Type == QType.Wide15 => "a product reads int8 or a wide input and gives int8 or int16.",
            _ when p.Weights.IsDefault || p.Weights.Length != (long)p.K * p.N => "it needs K·N weights.",
            _ when p.Weights.Contains(sbyte.MinValue) => "weights are −127 … 127.",
            _ when p.Bias.IsDefault || p.Bias.Length != p.N || p.Multiplier.IsDefault || p.Multiplier.Length != p.N => "it needs N biases and multipliers.",
            _ when p.Table.IsDefault || p.Table.Length is not (0 or 256) => "a table has 256 entries.",
            _ when !p.Table.IsEmpty && output.Type != QType.Int8 => "a table needs an int8 output.",
            _ when p.Shift is < 0 or > MaximumShift => "its shift is out of range.",
            _ when p.Initial.IsDefault || (!p.Initial.IsEmpty && p.Initial.Length != output.Count) => "its initial values do not have the output's shape.",
            _ when p.Residual is not null && !p.Initial.IsEmpty => "it has both a residual and initial values.",
            _ when p.Accumulates && output.Type != QType.Int16 => "only an int16 output accumulates.",
            _ when p.OutputRowOffset < 0 || rows > output.Rows - p.OutputRowOffset => "its rows do not fit the output.",
            _ when !p.Accumulates && rows != output.Rows => "rows of the output are never written.",
            _ when p.Residual is { } r && !Alike(graph.Tensors[r], output) => "residual and output differ in shape, type or scale.",
            _ => null,
        };
    }

    private static string? AttentionError(QuantizedGraph graph, QAttention a)
    {
        var (q, k, v, o) = (graph.Tensors[a.Query], graph.Tensors[a.Key], graph.Tensors[a.Value], graph.Tensors[a.Output]);
        return 0 switch
        {
            _ when a.Heads < 1 || a.HeadSize < 1 || (long)a.Heads * a.HeadSize != q.Columns => "heads times head size must be the columns.",
            _ when q.Columns != k.Columns || v.Columns != (long)a.Heads * a.ValueSize || v.Columns != o.Columns || q.Rows != o.Rows || k.Rows != v.Rows =>
                "its tensors do not match in shape.",
            _ when a.Windows < 1 || q.Rows % a.Windows != 0 || k.Rows % a.Windows != 0 => "its rows are no equal windows.",
            _ when a.Windows > 1 && (a.IsMasked || a.Causal || a.ValidLength != k.Rows / a.Windows) => "only an attention of one window is masked.",
            _ when new[] { q, k, v, o }.Any(t => t.Type != QType.Int8) => "all its tensors are int8.",
            _ when new[] { q, k, v }.Any(t => t.ZeroPoint != 0) => "queries, keys and values have no zero point.",
            _ when a.ScoreShift is < 0 or > MaximumShift || a.ContextShift is < 0 or > MaximumShift => "a shift is out of range.",
            _ when a.ValidLength < 1 || a.ValidLength > k.Rows => "its valid length is out of range.",
            _ when a.FirstLength < 0 || a.FirstLength > a.ValidLength || (!a.Causal && a.FirstLength != a.ValidLength) => "the length of its first row is out of range.",
            _ when a.Keys.IsDefault || a.Keys.Length is not 0 && (a.Keys.Length != a.ValidLength || a.Mask is not null) => "its keys do not have its valid length, or a mask besides.",
            _ when a.Mask is { } mask && !graph.Masks.Any(m => m.Name == mask && m.Source.Keys >= a.ValidLength) => "no mask of its keys has that name.",
            _ when a.Bias.IsDefault || !FitsScores(a, q.Rows / a.Windows) => "its bias does not have the shape of its scores.",
            _ => null,
        };
    }

    private static bool FitsScores(QAttention a, long rows)
    {
        var one = rows * a.ValidLength;
        return a.Bias.Length == 0 || a.Bias.Length == one || a.Bias.Length == a.Heads * one || a.Bias.Length == a.Windows * a.Heads * one;
    }

    private static string? NormalizeError(QuantizedGraph graph, QNormalize n)
    {
        var input = graph.Tensors[n.Input];
        var o8 = n.Output8 is { } a ? graph.Tensors[a] : null;
        var o16 = n.Output16 is { } b ? graph.Tensors[b] : null;
        return 0 switch
        {
            _ when o8 is null && o16 is null => "it has no output.",
            _ when input.Type != QType.Int16 => "it reads int16.",
            _ when o8 is not null && (o8.Type != QType.Int8 || o8.Rows != input.Rows || o8.Columns != input.Columns) => "output8 must be int8 of the input's shape.",
            _ when o16 is not null && (o16.Type != QType.Int16 || o16.Rows != input.Rows || o16.Columns != input.Columns) => "output16 must be int16 of the input's shape.",
            _ when input.Columns > MaximumNormalizedColumns => $"more than {MaximumNormalizedColumns} columns.",
            _ when n.Gain.IsDefault || n.Gain.Length != input.Columns || n.Bias.IsDefault || n.Bias.Length != input.Columns => "it needs a gain and a bias a column.",
            _ when n.Shift8 is < 0 or > MaximumShift || n.Shift16 is < 0 or > MaximumShift => "a shift is out of range.",
            _ => null,
        };
    }

    private static string? MapError(QuantizedGraph graph, QMap m)
    {
        var (input, output) = (graph.Tensors[m.Input], graph.Tensors[m.Output]);
        return 0 switch
        {
            _ when input.Rows != output.Rows || input.Columns != output.Columns => "input and output differ in shape.",
            _ when input.Type == QType.Wide15 || output.Type == QType.Wide15 => "it maps int8 and int16 only.",
            _ when m.Shift is < 0 or > MaximumShift => "its shift is out of range.",
            _ when m.Table.IsDefault || m.Table.Length is not (0 or 256) => "a table has 256 entries.",
            _ when !m.Table.IsEmpty && output.Type != QType.Int8 => "a table needs an int8 output.",
            _ => null,
        };
    }

    private static string? SelectError(QuantizedGraph graph, QSelectRows s)
    {
        var (input, output) = (graph.Tensors[s.Input], graph.Tensors[s.Output]);
        return 0 switch
        {
            _ when s.First < 0 || s.Count < 1 || s.First > input.Rows - s.Count => "its rows are out of range.",
            _ when output.Rows != s.Count || output.Columns != input.Columns => "its output does not have the selected shape.",
            _ when input.Type == QType.Wide15 || input.Type != output.Type || input.Scale != output.Scale || input.ZeroPoint != output.ZeroPoint =>
                "input and output differ in type, scale or zero point.",
            _ => null,
        };
    }

    private static bool Alike(QTensor a, QTensor b) =>
        a.Rows == b.Rows && a.Columns == b.Columns && a.Type == b.Type && a.Scale == b.Scale;
}
