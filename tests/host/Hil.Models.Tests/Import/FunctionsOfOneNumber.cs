using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Reference;

namespace Hil.Models.Tests.Import;

/// <summary>Element-wise operators with attributes, each with its defaults and without: the function of the layer is what ONNX Runtime gives.</summary>
public sealed class FunctionsOfOneNumber
{
    private const double Tolerance = 1e-5;
    private const int Count = 64;

    [Theory]
    [InlineData("Ceil")]
    [InlineData("Celu")]
    [InlineData("Celu", "alpha", 0.5f)]
    [InlineData("Cos")]
    [InlineData("Elu")]
    [InlineData("Elu", "alpha", 2f)]
    [InlineData("Floor")]
    [InlineData("HardSigmoid")]
    [InlineData("HardSigmoid", "alpha", 0.4f)]
    [InlineData("HardSigmoid", "beta", 0.1f)]
    [InlineData("HardSwish")]
    [InlineData("LeakyRelu")]
    [InlineData("LeakyRelu", "alpha", 0.3f)]
    [InlineData("Log")]
    [InlineData("Mish")]
    [InlineData("Selu")]
    [InlineData("Selu", "alpha", 2f)]
    [InlineData("Selu", "gamma", 0.5f)]
    [InlineData("Sign")]
    [InlineData("Sin")]
    [InlineData("Softplus")]
    [InlineData("Softsign")]
    [InlineData("ThresholdedRelu")]
    [InlineData("ThresholdedRelu", "alpha", 0.25f)]
    public void They_are_what_ONNX_Runtime_gives(string op, string? attribute = null, float value = 0)
    {
        var m = new TinyModel("x", 1, 1, Count);
        m.Proto.OpsetImport[0].Version = 18;
        OnnxModel model = m.Parse(m.Node(op, ["x"], attribute is null ? [] : [(attribute, value)]));

        var layer = Assert.IsType<Pointwise>(Assert.Single(OnnxImporter.Import(model).Layers));

        // A logarithm is of positive numbers; the others are of both signs, none at a step of Ceil or Floor.
        float[] x = [.. Enumerable.Range(0, Count).Select(i => ((i + 0.3f) * 0.25f) - (op == "Log" ? 0 : 8))];
        using var reference = new FloatReference(model, []);
        float[] expected = reference.Run(x)[reference.OutputName];
        Assert.All(x.Zip(expected), p => Assert.Equal(p.Second, layer.Function?.Evaluate(p.First) ?? Functions.Evaluate(layer.Activation, p.First), Tolerance * (1 + Math.Abs(p.Second))));
    }
}
