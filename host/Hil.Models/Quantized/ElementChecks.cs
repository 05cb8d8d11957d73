namespace Hil.Models.Quantized;

/// <summary>Shapes, types and ranges of one element-wise or rearranging layer whose tensors are known to exist.</summary>
internal static class ElementChecks
{
    private const int MaximumShift = 63;
    private const int MaximumColumns = 4095;

    public static string? Error(QuantizedGraph graph, QLayer layer) => layer switch
    {
        QSum s => SumError(graph.Tensors[s.Left], graph.Tensors[s.Right], graph.Tensors[s.Output], s.Shift),
        QConstant c => ConstantError(graph.Tensors[c.Output], c),
        QMaximumPool p => PoolError(graph.Tensors[p.Input], graph.Tensors[p.Output], p),
        QSoftmax s => SoftmaxError(graph.Tensors[s.Input], graph.Tensors[s.Output], s),
        QGatherRows g => GatherError(graph, g),
        QTranspose t => TransposeError(graph.Tensors[t.Input], graph.Tensors[t.Output]),
        QActivationProduct p => ActivationProductError(graph, p),
        _ => "its kind is unknown.",
    };

    private static string? SumError(QTensor left, QTensor right, QTensor output, int shift) => 0 switch
    {
        _ when new[] { left, right, output }.Any(t => t.Type != QType.Int16) => "a sum is of int16.",
        _ when !SameShape(left, output) || !SameShape(right, output) => "its tensors differ in shape.",
        _ when shift is < 0 or > MaximumShift => "its shift is out of range.",
        _ => null,
    };

    private static string? ConstantError(QTensor output, QConstant c) => 0 switch
    {
        _ when output.Type != QType.Int16 => "a constant is int16.",
        _ when c.Values.IsDefault || c.Values.Length != output.Count => "it needs a value an element.",
        _ => null,
    };

    private static string? PoolError(QTensor input, QTensor output, QMaximumPool p) => 0 switch
    {
        _ when !p.Window.IsSound || p.Window.Height * p.Window.Width != input.Rows || p.Window.Outputs != output.Rows => "its window does not match its tensors.",
        _ when input.Columns != output.Columns => "input and output differ in columns.",
        _ when input.Type != QType.Int8 || !Alike(input, output) => "input and output are int8 of one scale and zero point.",
        _ when Enumerable.Range(0, p.Window.Outputs).Any(o => Enumerable.Range(0, p.Window.Taps).All(t => p.Window.Source(o, t) < 0)) => "a window lies outside of the grid.",
        _ => null,
    };

    private static string? SoftmaxError(QTensor input, QTensor output, QSoftmax s) => 0 switch
    {
        _ when input.Type != QType.Int16 || output.Type != QType.Int16 => "it reads and gives int16.",
        _ when !SameShape(input, output) => "input and output differ in shape.",
        _ when input.Columns > MaximumColumns => $"more than {MaximumColumns} columns.",
        _ when s.ScoreShift is < 0 or > MaximumShift || s.Shift is < 0 or > MaximumShift => "a shift is out of range.",
        _ => null,
    };

    private static string? GatherError(QuantizedGraph graph, QGatherRows g)
    {
        var output = graph.Tensors[g.Output];
        return 0 switch
        {
            _ when output.Type != QType.Int16 || g.Runs.IsDefaultOrEmpty => "it gives int16, of one run of rows or more.",
            _ when g.Runs.Any(r => graph.Tensors[r.Input].Type != QType.Int16 || graph.Tensors[r.Input].Columns != output.Columns) => "it reads int16 of the output's columns.",
            _ when g.Runs.Any(r => r.First < 0 || r.Count < 1 || r.Step < 1 || r.First + ((r.Count - 1L) * r.Step) >= graph.Tensors[r.Input].Rows) => "its rows are out of range.",
            _ when g.Runs.Sum(r => (long)r.Count) != output.Rows => "its runs are not as many rows as the output has.",
            _ when g.Runs.Any(r => r.Shift is < 0 or > MaximumShift) => "a shift is out of range.",
            _ => null,
        };
    }

    private static string? TransposeError(QTensor input, QTensor output) => 0 switch
    {
        _ when input.Rows != output.Columns || input.Columns != output.Rows => "the output is not of the transposed shape.",
        _ when input.Type != QType.Int8 || !Alike(input, output) => "input and output are int8 of one scale and zero point.",
        _ => null,
    };

    private static string? ActivationProductError(QuantizedGraph graph, QActivationProduct p)
    {
        if (p.Batches < 1)
        {
            return "it has no batch.";
        }

        var (left, right, output) = p.Layouts(graph);
        var (k, n) = p.IsTransposed ? (right.BlockColumns, right.BlockRows) : (right.BlockRows, right.BlockColumns);
        return 0 switch
        {
            _ when !left.IsEven || !right.IsEven || !output.IsEven => "its tensors are no equal blocks.",
            _ when left.BlockColumns != k => "left and right differ in what is summed.",
            _ when output.BlockRows != left.BlockRows || output.BlockColumns != n => "its output does not have the shape of the products.",
            _ when graph.Tensors[p.Left].Type != QType.Int8 || graph.Tensors[p.Right].Type != QType.Int8 => "it reads int8.",
            _ when new[] { p.Left, p.Right, p.Output }.Any(t => graph.Tensors[t].ZeroPoint != 0) => "its tensors have no zero point.",
            _ when p is { IsOutputBeside: true, Batches: > 1 } && graph.Tensors[p.Output].Type != QType.Int8 => "blocks beside each other are int8.",
            _ when k > QActivationProduct.LongestSum => $"sums of more than {QActivationProduct.LongestSum} products could overflow 32 bits.",
            _ when p.Shift is < 0 or > MaximumShift => "its shift is out of range.",
            _ => null,
        };
    }

    private static bool SameShape(QTensor a, QTensor b) => a.Rows == b.Rows && a.Columns == b.Columns;

    private static bool Alike(QTensor a, QTensor b) => a.Type == b.Type && a.Scale == b.Scale && a.ZeroPoint == b.ZeroPoint;
}
