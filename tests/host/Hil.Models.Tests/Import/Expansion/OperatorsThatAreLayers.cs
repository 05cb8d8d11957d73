using Hil.Models.Graphs;
using Hil.Models.Import;

namespace Hil.Models.Tests.Import.Expansion;

/// <summary>Operators that are one layer as they are: ONNX Runtime's activations and the normalizations. What the layer computes is what ONNX Runtime gives.</summary>
public sealed class OperatorsThatAreLayers
{
    private const double Tolerance = 1e-5;
    private const int Rows = 5;
    private const int Width = 8;

    [Theory]
    [InlineData("Gelu", null)]
    [InlineData("FastGelu", null)]
    [InlineData("QuickGelu", null)]
    [InlineData("QuickGelu", 1f)]
    [InlineData("QuickGelu", 1.702f)]
    [InlineData("QuickGelu", 0.25f)]
    [InlineData("QuickGelu", 0f)]
    [InlineData("QuickGelu", -2f)]
    public void An_activation_of_ONNX_Runtime_is_its_function(string op, float? alpha)
    {
        var m = new FusedModel(1, Rows, Width);
        var model = m.Fused(op, [m.Tiny.Node("Mul", ["x", m.Tiny.Number(4)])], alpha is { } a ? [("alpha", a)] : []);
        var layer = Assert.IsType<Pointwise>(Assert.Single(OnnxImporter.Import(model.Parse()).Layers));

        foreach (var (x, expected) in model.Values(model.Node.Input[0]).Zip(model.Values(model.Node.Output[0])))
        {
            var actual = layer.Function?.Evaluate(layer.Input == "x" ? x / 4 : x) ?? Functions.Evaluate(layer.Activation, x);
            Assert.InRange(actual - expected, -Tolerance, Tolerance);
        }
    }

    [Theory]
    [InlineData("RMSNormalization", 23, -1, null, false)]
    [InlineData("RMSNormalization", 23, 2, 0.1f, false)]
    [InlineData("RMSNormalization", 23, -1, 0f, false)]
    [InlineData("LayerNormalization", 17, -1, null, true)]
    [InlineData("LayerNormalization", 17, 2, 0.1f, false)]
    [InlineData("SimplifiedLayerNormalization", 17, -1, 1e-6f, false)]
    public void A_normalization_of_rows_is_its_layer(string op, long opset, int axis, float? epsilon, bool withBeta)
    {
        var m = new FusedModel(1, Rows, Width);
        string[] inputs = ["x", m.Constant(Width), .. withBeta ? [m.Constant(Width)] : Array.Empty<string>()];
        var model = m.Fused(op, inputs, [], opset, [("axis", axis), .. epsilon is { } e ? new (string, object)[] { ("epsilon", e) } : []]);
        var norm = Assert.IsType<Normalize>(Assert.Single(OnnxImporter.Import(model.Parse()).Layers));

        float[] x = model.Values("x"), expected = model.Values(model.Node.Output[0]);
        for (var i = 0; i < x.Length; i++)
        {
            double[] row = [.. x.Skip(i / Width * Width).Take(Width).Select(v => (double)v)];
            var mean = norm.Rms ? 0 : row.Average();
            var spread = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + norm.Epsilon);
            var actual = ((x[i] - mean) / spread * norm.Gamma[i % Width]) + norm.Beta[i % Width];
            Assert.InRange(actual - expected[i], -Tolerance, Tolerance);
        }
    }

    [Theory]
    [InlineData("RMSNormalization", 23, 1)]
    [InlineData("RMSNormalization", 23, -2)]
    [InlineData("LayerNormalization", 17, 1)]
    public void A_normalization_over_several_axes_normalizes_one_row_of_them(string op, long opset, int axis)
    {
        var m = new FusedModel(1, Rows, Width);
        m.Fused(op, [m.Tiny.Node("MatMul", ["x", m.Constant(Width, Width)]), m.Constant(Rows, Width)], [], opset, ("axis", axis));

        var graph = OnnxImporter.Import(m.Parse());

        var norm = Assert.IsType<Normalize>(graph.Layers[^1]);
        Assert.Equal((Rows * Width, op != "LayerNormalization"), (norm.Gamma.Length, norm.Rms));
        Assert.Equal((1, Rows * Width), (graph.Output.Rows, graph.Output.Columns));
    }

    [Theory]
    [InlineData("RMSNormalization", 23)]
    [InlineData("LayerNormalization", 17)]
    public void A_normalization_with_computed_gamma_is_refused_by_name(string op, long opset)
    {
        var m = new FusedModel(1, Rows, Width);
        var x = m.Tiny.Node("MatMul", ["x", m.Constant(Width, Width)]);
        var first = m.Tiny.Node("Slice", [x, m.Tiny.Integers(0), m.Tiny.Integers(1), m.Tiny.Integers(1)]);
        m.Fused(op, [x, m.Tiny.Node("Reshape", [first, m.Tiny.Integers(Width)])], [], opset, ("axis", -1));

        Assert.Null(OnnxImporter.TryImport(m.Parse(), out var unsupported));

        Assert.Equal(op, Assert.Single(unsupported).Operator);
    }
}
