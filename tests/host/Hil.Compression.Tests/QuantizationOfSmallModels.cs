using System.Collections.Immutable;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compression.Tests;

/// <summary>Single layers, quantized and run on integers, stay within a step of what they mean.</summary>
public sealed class QuantizationOfSmallModels
{
    [Fact]
    public void A_product_is_within_a_step_of_its_float_value()
    {
        var graph = Of(Linear(Activation.None), rows: 4);
        float[] x = [.. Enumerable.Range(0, 12).Select(i => MathF.Cos(i * 2.1f))];

        var (quantized, actual) = Run(graph, x);

        var expected = Multiply(graph, x);
        var step = quantized.Tensors[quantized.Output].Scale;
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 0.02 + step));
    }

    [Theory]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.GeluTanh)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    public void An_activation_is_within_two_steps_of_its_float_value(Activation activation)
    {
        var graph = Of(Linear(activation), rows: 4);
        float[] x = [.. Enumerable.Range(0, 12).Select(i => MathF.Cos(i * 2.1f))];

        var (quantized, actual) = Run(graph, x);

        var step = quantized.Tensors[quantized.Output].Scale;
        Assert.All(
            Multiply(graph, x).Zip(actual),
            p => Assert.Equal(Functions.Evaluate(activation, p.First), p.Second, (2 * step) + 0.02));
    }

    [Fact]
    public void A_column_of_zeros_keeps_its_bias()
    {
        var product = Linear(Activation.Gelu);
        var weights = product.Weights.ToArray();
        (weights[1], weights[6], weights[11]) = (0, 0, 0);
        var graph = Of(product with { Weights = [.. weights] }, rows: 4);

        var (quantized, actual) = Run(graph, new float[12]);

        var step = quantized.Tensors[quantized.Output].Scale;
        Assert.Equal(Functions.Evaluate(Activation.Gelu, product.Bias[1]), actual[1], 2 * step);
    }

    [Fact]
    public void A_column_with_weights_a_millionth_of_the_others_does_no_harm()
    {
        var product = Linear(Activation.None);
        var weights = product.Weights.ToArray();
        (weights[2], weights[7], weights[12]) = (1e-6f, -2e-6f, 3e-6f);
        var graph = Of(product with { Weights = [.. weights] }, rows: 4);
        float[] x = [.. Enumerable.Range(0, 12).Select(i => MathF.Sin(i * 1.1f))];

        var (quantized, actual) = Run(graph, x);

        Assert.All(Multiply(graph, x).Zip(actual), p => Assert.Equal(p.First, p.Second, 0.02 + quantized.Tensors[quantized.Output].Scale));
    }

    [Theory]
    [InlineData(0.0123, 51590, 22)]
    [InlineData(1, 32768, 15)]
    [InlineData(65534, 65534, 0)]
    [InlineData(0, 0, 63)]
    public void A_factor_becomes_the_largest_16_bit_multiplier(double factor, int multiplier, int shift)
    {
        var (m, s) = FixedPoint.Multiplier(factor);

        Assert.Equal((multiplier, shift), (m, s));
    }

    [Fact]
    public void Few_samples_and_clipping_ranges_are_warned_of()
    {
        var graph = Of(Linear(Activation.None), rows: 4);
        var ranges = Ranges(graph, samples: 3, clipped: 0.01);

        var warnings = Quantizer.Quantize(TinyOnnx.Any(), graph, ranges).Warnings;

        Assert.Contains(warnings, w => w.Where == "calibration");
        Assert.Contains(warnings, w => w.Where == "x");
        Assert.DoesNotContain(Quantizer.Quantize(TinyOnnx.Any(), graph, Ranges(graph, 100, 0)).Warnings, _ => true);
    }

    private static Product Linear(Activation activation) => new(
        "p",
        "x",
        "y",
        "w",
        [.. Enumerable.Range(0, 15).Select(i => MathF.Sin(i * 1.7f))],
        3,
        5,
        [0.5f, -0.7f, 0, 0.1f, 0.2f],
        activation,
        "s",
        "y",
        null,
        [],
        0);

    private static Graph Of(Product product, int rows)
    {
        Tensor[] tensors = [new("x", rows, product.K), new("y", rows, product.N)];
        return new Graph("g", tensors[0], tensors[1], tensors.ToImmutableSortedDictionary(t => t.Name, t => t), [product]);
    }

    private static TensorRanges Ranges(Graph graph, int samples, double clipped)
    {
        var activation = ((Product)graph.Layers[0]).Activation;
        return new TensorRanges(samples, new Dictionary<string, TensorRange>
        {
            ["x"] = new(-1, 1, clipped),
            ["s"] = new(-3, 3, clipped),
            ["y"] = activation == Activation.None ? new(-3, 3, clipped) : new(-0.17, 3, clipped),
        }.ToImmutableSortedDictionary());
    }

    private static (QuantizedGraph Graph, float[] Output) Run(Graph graph, float[] x)
    {
        var quantized = Quantizer.Quantize(TinyOnnx.Any(), graph, Ranges(graph, 100, 0)).Graph;
        var tensors = new IntegerExecutor(quantized).Run(x);
        return (quantized, QEncoding.Decode(quantized.Tensors[quantized.Output], tensors[quantized.Output]));
    }

    private static double[] Multiply(Graph graph, float[] x)
    {
        var p = (Product)graph.Layers[0];
        return
        [
            .. Enumerable.Range(0, x.Length / p.K * p.N).Select(i =>
                p.Bias[i % p.N] + Enumerable.Range(0, p.K).Sum(k => (double)x[(i / p.N * p.K) + k] * p.Weights[(k * p.N) + (i % p.N)])),
        ];
    }
}
