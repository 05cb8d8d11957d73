using Google.Protobuf;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Quantized;
using Hil.Models.Tests.Import;
using Hil.Models.Tests.Import.Quantized;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Hil.Compression.Tests.Import;

/// <summary>
/// A quantizer of activations with a scale a channel: where linear layers give and read the columns, the scales go into their weights and the elements stay;
/// elsewhere one scale holds all, and a warning says what the finest channel loses. ONNX Runtime is the judge.
/// </summary>
public sealed class ScalesOfChannelsOfActivations
{
    private const int Hidden = SpelledModels.Hidden;

    /// <summary>Weights of 8 bits, rounded to another grid in sums of twelve terms, are near 40 dB; two bits less of the tensor itself would be 12 dB less.</summary>
    private const double LeastDecibels = 36;

    /// <summary>0.02 to 0.08.</summary>
    private static readonly float[] Scales = [.. Enumerable.Range(0, Hidden).Select(c => 0.02f * (1 + (c % 4)))];

    [Theory]
    [InlineData("linear", 0)]
    [InlineData("biased", 0)]
    [InlineData("Gemm", 0)]
    [InlineData("Gemm, transposed", 0)]
    [InlineData("normalized", 0)]
    [InlineData("linear", 17)]
    public void Linear_layers_take_them_in(string giver, int zero)
    {
        var run = SpelledRun.Of(Model(giver, "MatMul", zero: zero));
        var hidden = run.Quantized.Graph.Layers.Single(l => l.Outputs.Any(o => run.Quantized.Graph.Tensors[o] is { Columns: Hidden, Type: QType.Int8 })).Outputs.First();

        Assert.Equal((Scales.Max(), zero), ((float)run.Quantized.Graph.Tensors[hidden].Scale, run.Quantized.Graph.Tensors[hidden].ZeroPoint));
        var note = Assert.Single(run.Graph.Encodings.Notes);
        Assert.Contains("take in the scales", note.What, StringComparison.Ordinal);
        AssertNear(run);
        AssertElements(run, hidden, zero);
    }

    [Fact]
    public void The_integers_of_the_layer_before_are_kept()
    {
        var run = SpelledRun.Of(Model("linear", "MatMul"));

        var first = run.Quantized.Graph.Layers.OfType<QProduct>().First();
        Assert.Equal(SpelledModels.Integers(1, first.K * first.N), first.Weights.Select(w => (int)w));
    }

    [Theory]
    [InlineData("Gemm", "Gemm, transposed")]
    [InlineData("linear", "two")]
    public void Whatever_reads_it_as_rows_takes_them_in(string giver, string reader)
    {
        var run = SpelledRun.Of(Model(giver, reader));

        Assert.All(run.Graph.Encodings.Notes, n => Assert.Contains("take in the scales", n.What, StringComparison.Ordinal));
        AssertNear(run);
    }

    [Theory]
    [InlineData("an activation", "MatMul", -1, 0, Hidden)]
    [InlineData("linear", "Softmax", -1, 0, Hidden)]
    [InlineData("linear, read twice", "MatMul", -1, 0, Hidden)]
    [InlineData("linear", "MatMul", 1, 0, SpelledModels.Rows)]
    [InlineData("linear", "MatMul", -1, 1, Hidden)]
    public void Elsewhere_one_scale_holds_all_and_the_loss_is_said(string giver, string reader, int axis, int zeroStep, int count)
    {
        var model = Model(giver, reader, axis, zeroStep: zeroStep);
        var run = SpelledRun.Of(model);

        var (_, what) = Assert.Single(run.Graph.Encodings.Notes);
        Assert.Contains($"{count} scales along axis {axis}", what, StringComparison.Ordinal);
        Assert.Contains(zeroStep == 0 ? "loses 2.0 bits" : "bits", what, StringComparison.Ordinal);
        Assert.Contains(run.Quantized.Warnings, w => w.What == what);
        var encoding = Assert.Single(run.Graph.Encodings.Tensors, e => e.Value.Any(v => v.Scale >= Scales.Max())).Value[0];
        Assert.True(zeroStep != 0 || encoding == new TensorEncoding(Scales.Max(), 0, -128, 127), encoding.ToString());
    }

    [Fact]
    public void One_scale_for_unlike_zero_points_reaches_from_the_least_value_to_the_largest()
    {
        var encodings = SpelledRun.Of(Model("linear", "MatMul", zeroStep: 9)).Graph.Encodings;

        var encoding = encodings.Tensors.Values.Select(e => e[0]).MaxBy(e => e.Scale)!;
        var low = Enumerable.Range(0, Hidden).Min(c => (-128 - (9 * c)) * Scales[c]);
        var high = Enumerable.Range(0, Hidden).Max(c => (127 - (9 * c)) * Scales[c]);
        Assert.InRange(encoding.Low, low - encoding.Scale, low + encoding.Scale);
        Assert.InRange(encoding.High, high - encoding.Scale, high + encoding.Scale);
    }

    [Fact]
    public void Between_convolutions_one_scale_holds_all_and_the_loss_is_said()
    {
        var m = new TinyModel("x", 1, 2, 4, 4);
        string Kernel(int seed, int k) => m.Node("DequantizeLinear", [m.Bytes(true, SpelledModels.Integers(seed, 4 * k * 9), 4, k, 3, 3), m.Scalar(SpelledModels.WeightScale), m.Zero(true, 0)]);
        string Conv(string x, string kernel) => m.Node("Conv", [x, kernel], ("pads", new long[] { 1, 1, 1, 1 }));
        string[] parameters = [m.Constant([0.1f, 0.2f, 0.3f, 0.4f], 4), m.Bytes(true, new int[4], 4)];
        var channels = m.Node("QuantizeLinear", [Conv(m.Qdq("x", SpelledModels.InputScale), Kernel(1, 2)), .. parameters], ("axis", 1));
        var run = SpelledRun.Of(m.Parse(Conv(m.Node("DequantizeLinear", [channels, .. parameters], ("axis", 1)), Kernel(2, 4))));

        var (_, what) = Assert.Single(run.Graph.Encodings.Notes);
        Assert.Contains("4 scales along axis 1", what, StringComparison.Ordinal);
        Assert.Contains("loses 2.0 bits", what, StringComparison.Ordinal);
        Assert.Contains(run.Quantized.Warnings, w => w.What == what);
        Assert.Equal(0.4f, (float)run.Quantized.Graph.Layers.OfType<QProduct>().Select(p => run.Quantized.Graph.Tensors[p.Output]).First(t => t.Type == QType.Int8).Scale);
        // Steps of 0.4 on sums whose root mean square is near 3.6 are 30 dB; the file's own grids and weights are the rest.
        AssertNear(run, 26);
    }

    /// <summary>The output against what ONNX Runtime makes of the file itself: the weights that read the tensor are rounded anew, which is all.</summary>
    private static void AssertNear(SpelledRun run, double leastDecibels = LeastDecibels)
    {
        using var session = Session(run.Model.Bytes.ToArray());
        var (signal, noise) = (0.0, 0.0);
        for (var seed = 0; seed < 6; seed++)
        {
            var x = SpelledModels.Sample(seed);
            using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(x, [.. run.Model.Original.Graph.Input[0].Type.TensorType.Shape.Dim.Select(d => (int)d.DimValue)]))]);
            float[] expected = [.. results[0].AsEnumerable<float>()];
            var actual = QEncoding.Decode(run.Quantized.Graph.Tensors[run.Quantized.Graph.Output], new IntegerExecutor(run.Quantized.Graph).Run(x)[run.Quantized.Graph.Output]);
            signal += expected.Sum(v => (double)v * v);
            noise += expected.Zip(actual, (a, b) => ((double)a - b) * (a - b)).Sum();
        }

        Assert.True(10 * Math.Log10(signal / noise) > leastDecibels, $"{10 * Math.Log10(signal / noise):F1} dB");
    }

    /// <summary>Without its optimizer, which fuses quantizers to operators that round in another place.</summary>
    private static InferenceSession Session(byte[] model)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
        return new InferenceSession(model, options);
    }

    /// <summary>The elements are those of the file: of each column its own scale.</summary>
    private static void AssertElements(SpelledRun run, string hidden, int zero)
    {
        var given = run.Model.Original.Graph.Node.Last(n => n.OpType == "QuantizeLinear").Input[0];
        var part = run.Model.Original.Clone();
        part.Graph.Output.Add(new ValueInfoProto { Name = given });
        using var session = Session(part.ToByteArray());
        for (var seed = 0; seed < 6; seed++)
        {
            var x = SpelledModels.Sample(seed);
            using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(x, [1, SpelledModels.Rows, SpelledModels.Inputs]))], [given]);
            int[] expected = [.. results[0].AsEnumerable<float>().Select((v, i) => (int)Math.Clamp(Math.Round(v / Scales[i % Hidden]) + zero, -128, 127))];
            Assert.All(new IntegerExecutor(run.Quantized.Graph).Run(x)[hidden].Zip(expected), e => Assert.InRange(Math.Abs(e.First - e.Second), 0, 1));
        }
    }

    private static OnnxModel Model(string giver, string reader, int axis = -1, int zero = 0, int zeroStep = 0)
    {
        var m = new TinyModel("x", 1, SpelledModels.Rows, SpelledModels.Inputs);
        var x = m.Qdq("x", SpelledModels.InputScale);
        string Weights(int seed, int k, int n) => m.Node(
            "DequantizeLinear", [m.Bytes(true, SpelledModels.Integers(seed, k * n), k, n), m.Scalar(SpelledModels.WeightScale), m.Zero(true, 0)]);
        string Bias(int n) => m.Constant([.. Enumerable.Range(0, n).Select(i => 0.3f * MathF.Cos(i * 1.9f))], n);
        string Flat(string t, int n) => m.Node("Reshape", [t, m.Integers(SpelledModels.Rows, n)]);
        var given = giver switch
        {
            "biased" => m.Node("Add", [m.Node("MatMul", [x, Weights(1, SpelledModels.Inputs, Hidden)]), Bias(Hidden)]),
            "Gemm" => m.Node("Gemm", [Flat(x, SpelledModels.Inputs), Weights(1, SpelledModels.Inputs, Hidden), Bias(Hidden)]),
            "Gemm, transposed" => m.Node("Gemm", [Flat(x, SpelledModels.Inputs), Weights(1, Hidden, SpelledModels.Inputs), Bias(Hidden)], ("transB", 1)),
            "normalized" => m.Node("LayerNormalization", [m.Node("MatMul", [x, Weights(1, SpelledModels.Inputs, Hidden)]), Bias(Hidden), Bias(Hidden)], ("axis", -1)),
            "an activation" => m.Node("Relu", [m.Node("MatMul", [x, Weights(1, SpelledModels.Inputs, Hidden)])]),
            _ => m.Node("MatMul", [x, Weights(1, SpelledModels.Inputs, Hidden)]),
        };
        var count = axis == 1 ? SpelledModels.Rows : Hidden;
        string[] parameters =
        [
            m.Constant(Scales[..count], count),
            m.Bytes(true, [.. Enumerable.Range(0, count).Select(c => zero + (zeroStep * c))], count),
        ];
        var hidden = m.Node("DequantizeLinear", [m.Node("QuantizeLinear", [given, .. parameters], ("axis", axis)), .. parameters], ("axis", axis));
        string Read(int seed) => m.Node("MatMul", [hidden, Weights(seed, Hidden, SpelledModels.Outputs)]);
        return m.Parse(reader switch
        {
            "Gemm, transposed" => m.Node("Gemm", [hidden, Weights(2, SpelledModels.Outputs, Hidden), Bias(SpelledModels.Outputs)], ("transB", 1)),
            "two" => m.Node("Add", [Read(2), Read(3)]),
            "Softmax" => m.Node("MatMul", [m.Node("Softmax", [hidden], ("axis", -1)), Weights(2, Hidden, SpelledModels.Outputs)]),
            _ when giver.EndsWith("twice", StringComparison.Ordinal) => m.Node("Add", [Read(2), m.Node("MatMul", [given, Weights(3, Hidden, SpelledModels.Outputs)])]),
            _ => Read(2),
        });
    }
}
