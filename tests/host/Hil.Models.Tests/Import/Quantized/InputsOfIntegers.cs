using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Reference;

namespace Hil.Models.Tests.Import.Quantized;

/// <summary>A model input of 8 bits that is dequantized first: the device is given what its elements mean, in those very elements.</summary>
public sealed class InputsOfIntegers
{
    private const double Scale = 0.02;

    [Fact]
    public void They_are_the_elements_of_the_tensor_that_the_device_reads()
    {
        Graph graph = OnnxImporter.Import(Model());

        Assert.IsType<Product>(Assert.Single(graph.Layers));
        Assert.Equal(["Cast", "Sub", "Mul"], graph.HostNodes.Select(n => n.Operator));
        TensorEncoding encoding = graph.Encodings.Narrow(graph.Input.Name)!;
        Assert.Equal(((float)Scale, 100 - 128, -128, 127), ((float)encoding.Scale, encoding.ZeroPoint, encoding.Minimum, encoding.Maximum));
    }

    [Fact]
    public void The_host_makes_numbers_of_them()
    {
        OnnxModel model = Model();
        Graph graph = OnnxImporter.Import(model);
        using var reference = new FloatReference(model, [graph.Input.Name]);

        float[] values = reference.Run(new float[] { 0, 100, 255, 7, 8, 9, 10, 11 })[graph.Input.Name];

        Assert.Equal([-100 * Scale, 0, 155 * Scale], values.Take(3).Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(-1)]
    [InlineData(0.5)]
    public void What_is_no_element_is_refused(float value)
    {
        using var reference = new FloatReference(Model(), []);

        var error = Assert.Throws<HilException>(() => reference.Run(new[] { 0, 1, 2, 3, 4, 5, 6, value }));

        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains("'x'", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_scale_a_channel_they_are_refused()
    {
        TinyModel m = New();
        string scales = m.Constant([.. Enumerable.Repeat(0.1f, 4)], 4), zeros = m.Bytes(false, new int[4], 4);
        OnnxModel model = m.Parse(m.Node("MatMul", [m.Node("DequantizeLinear", ["x", scales, zeros], ("axis", 2)), m.Weights(1, 4, 3)]));

        Assert.Null(OnnxImporter.TryImport(model, out var unsupported));

        Assert.Contains(unsupported, u => u.Operator == "DequantizeLinear" && u.Reason.Contains("4 scales along axis 2", StringComparison.Ordinal));
    }

    private static TinyModel New()
    {
        var m = new TinyModel("x", 1, 2, 4);
        m.Proto.Graph.Input[0].Type.TensorType.ElemType = TensorData.Uint8;
        return m;
    }

    private static OnnxModel Model()
    {
        TinyModel m = New();
        return m.Parse(m.Node("MatMul", [m.Node("DequantizeLinear", ["x", m.Scalar(Scale), m.Zero(false, 100)]), m.Weights(1, 4, 3)]));
    }
}
