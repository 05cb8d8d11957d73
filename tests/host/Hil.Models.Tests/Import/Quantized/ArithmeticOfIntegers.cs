using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;

namespace Hil.Models.Tests.Import.Quantized;

/// <summary>Element-wise arithmetic of inputs of 8 bits: what means itself is computed with, the rest is refused.</summary>
public sealed class ArithmeticOfIntegers
{
    [Theory]
    [InlineData("Add")]
    [InlineData("Sub")]
    public void A_sum_with_a_constant_is_one_of_numbers_and_its_result_one_of_the_type(string op)
    {
        var m = New(TensorData.Int8);

        Graph graph = OnnxImporter.Import(m.Parse(m.Node(op, ["x", m.Bytes(true, [.. Enumerable.Range(-4, 8)], 1, 2, 4)])));

        Assert.IsType<Sum>(graph.Layers[^1]);
        Assert.Equal(new TensorEncoding(1, 0, -128, 127), graph.Encodings.Narrow(graph.Output.Name));
        Assert.Equal(["Cast"], graph.HostNodes.Select(n => n.Operator));
    }

    [Fact]
    public void Two_inputs_are_added()
    {
        var m = New(TensorData.Uint8);
        var other = m.Input("y", 1, 2, 4);
        m.Proto.Graph.Input[^1].Type.TensorType.ElemType = TensorData.Uint8;

        Graph graph = OnnxImporter.Import(m.Parse(m.Node("Sub", [m.Node("Add", ["x", other]), "x"])));

        Assert.Equal(2, graph.Layers.OfType<Sum>().Count());
        Assert.Equal(new TensorEncoding(1, -128, -128, 127), graph.Encodings.Narrow(graph.Output.Name));
    }

    [Theory]
    [InlineData(TensorData.Int8, -17, 5, -3)]
    [InlineData(TensorData.Int8, 17, -5, -3)]
    [InlineData(TensorData.Uint8, 250, 3, 83)]
    public void A_quotient_loses_its_fraction_towards_zero(int type, int x, int divisor, int quotient)
    {
        var m = New(type);
        int[] divisors = [.. Enumerable.Range(0, 8).Select(i => i == 5 ? divisor : 7)];

        Graph graph = OnnxImporter.Import(m.Parse(m.Node("Div", ["x", m.Bytes(type == TensorData.Int8, divisors, 1, 2, 4)])));

        Assert.Contains(graph.Layers.OfType<Pointwise>(), p => p.Function!.Evaluate(x) == quotient);
    }

    [Fact]
    public void A_quotient_by_zero_is_refused()
    {
        var m = New(TensorData.Int8);

        var error = Assert.Throws<HilException>(() => OnnxImporter.Import(m.Parse(m.Node("Div", ["x", m.Bytes(true, new int[8], 1, 2, 4)]))));

        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains("division by zero", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Integers_of_16_bits_are_refused()
    {
        var m = New(TensorData.Int16);

        Assert.Null(OnnxImporter.TryImport(m.Parse(m.Node("Add", ["x", "x"])), out var unsupported));

        Assert.Contains("no float32 tensor", Assert.Single(unsupported).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_no_table_is_refused()
    {
        var m = new TinyModel("x", 1, 2, 4);
        var index = m.Node("Cast", [m.Node("QuantizeLinear", ["x", m.Scalar(0.1), m.Zero(true, 0)])], ("to", 6));
        var entry = m.Node("Gather", [m.Bytes(true, new int[128], 128), index], ("axis", 0));

        Assert.Null(OnnxImporter.TryImport(m.Parse(m.Node("DequantizeLinear", [entry, m.Scalar(0.1), m.Zero(true, 0)])), out var unsupported));

        Assert.Contains(unsupported, u => u.Operator == "DequantizeLinear");
    }

    [Fact]
    public void A_table_keeps_its_entries_and_the_grid_of_its_argument()
    {
        var m = new TinyModel("x", 1, 2, 4);
        int[] entries = [.. Enumerable.Range(0, 256).Select(i => ((i * 37) % 255) - 127)];
        var scaled = m.Node("Add", [m.Node("Mul", ["x", m.Number(0.5)]), m.Number(0.4)]);
        var index = m.Node("Cast", [m.Node("QuantizeLinear", [scaled, m.Scalar(0.1), m.Zero(true, 0)])], ("to", 6));
        var table = m.Node("DequantizeLinear", [m.Node("Gather", [m.Bytes(true, entries, 256), index], ("axis", 0)), m.Scalar(0.02), m.Zero(true, 3)]);

        Graph graph = OnnxImporter.Import(m.Parse(table));

        var function = Assert.IsType<Pointwise>(Assert.Single(graph.Layers)).Function!;
        Assert.Equal((0.2, 4), (Math.Round(function.Grid!.Scale, 6), function.Grid.ZeroPoint));
        Assert.All(Enumerable.Range(-128, 256), i => Assert.Equal((entries[i & 255] - 3) * 0.02, function.Evaluate((i - 4) * 0.2), 6));
        Assert.Equal((0.02f, 3), ((float)graph.Encodings.Narrow(graph.Output.Name)!.Scale, graph.Encodings.Narrow(graph.Output.Name)!.ZeroPoint));
    }

    [Fact]
    public void What_a_table_reads_may_differ_by_column_before_it()
    {
        var m = new TinyModel("x", 1, 2, 4);

        Graph graph = OnnxImporter.Import(m.Parse(Table(m, m.Node("Add", ["x", m.Weights(1, 4)]))));

        Assert.Equal((Activation.Other, 0.1f), (Assert.Single(graph.Layers.OfType<Product>()).Activation, (float)graph.Layers.OfType<Product>().Single().Function!.Grid!.Scale));
    }

    [Fact]
    public void An_index_of_several_scales_is_refused()
    {
        var m = new TinyModel("x", 1, 4, 4);

        Assert.Null(OnnxImporter.TryImport(m.Parse(Table(m, "x", scales: 4)), out var unsupported));

        Assert.Contains("one constant scale", Assert.Single(unsupported).Reason, StringComparison.Ordinal);
    }

    /// <summary>A table of some function of a tensor.</summary>
    private static string Table(TinyModel m, string x, int scales = 1)
    {
        string scale = scales == 1 ? m.Scalar(0.1) : m.Constant([.. Enumerable.Repeat(0.1f, scales)], scales);
        string zero = scales == 1 ? m.Zero(true, 0) : m.Bytes(true, new int[scales], scales);
        var index = m.Node("Cast", [m.Node("QuantizeLinear", [x, scale, zero], ("axis", 2))], ("to", 6));
        return m.Node("DequantizeLinear", [m.Node("Gather", [m.Bytes(true, [.. Enumerable.Range(0, 256).Select(i => i % 100)], 256), index], ("axis", 0)), m.Scalar(0.02), m.Zero(true, 0)]);
    }

    private static TinyModel New(int type)
    {
        var m = new TinyModel("x", 1, 2, 4);
        m.Proto.Graph.Input[0].Type.TensorType.ElemType = type;
        return m;
    }
}
