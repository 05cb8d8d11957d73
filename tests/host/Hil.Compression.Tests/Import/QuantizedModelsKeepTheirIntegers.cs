using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quality;
using Hil.Models.Quantized;
using Hil.Models.Reference;
using Hil.Models.Tests.Import.Quantized;

namespace Hil.Compression.Tests.Import;

/// <summary>
/// A model that was quantized elsewhere runs with its own integers and scales, however it is spelt; ONNX Runtime, which runs the same file, is the judge.
/// </summary>
public sealed class QuantizedModelsKeepTheirIntegers
{
    public static TheoryData<string> Spellings() => [.. SpelledModels.All.Keys];

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Weights_are_taken_bit_for_bit(string spelling)
    {
        var quantized = SpelledRun.Of(SpelledModels.All[spelling]()).Quantized;

        Assert.Empty(quantized.Warnings);
        foreach (var (product, seed) in quantized.Graph.Layers.OfType<QProduct>().Select((p, i) => (p, i + 1)))
        {
            Assert.Equal(SpelledModels.Integers(seed, product.K * product.N, LimitOf(spelling)), product.Weights.Select(w => (int)w));
        }
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Every_sample_gives_what_ONNX_Runtime_gives(string spelling)
    {
        var difference = SpelledRun.Of(SpelledModels.All[spelling]()).FirstDifference();
        Assert.True(difference is null, difference);
    }

    /// <summary>All but a sum, whose operands have 16 bits and keep what their own quantizers would saturate: see the last test of these.</summary>
    public static TheoryData<string> SaturatingSpellings() => [.. SpelledModels.All.Keys.Where(k => k != "QLinearAdd")];

    [Theory]
    [MemberData(nameof(SaturatingSpellings))]
    public void Numbers_beyond_its_quantizers_saturate_as_they_do_in_ONNX_Runtime(string spelling)
    {
        var difference = SpelledRun.Of(SpelledModels.All[spelling](), reach: 3).FirstDifference(inputSteps: 2);
        Assert.True(difference is null, difference);
    }

    [Theory]
    [MemberData(nameof(SaturatingSpellings))]
    public void What_saturates_in_the_file_is_no_noise_of_the_device(string spelling)
    {
        var run = SpelledRun.Of(SpelledModels.All[spelling](), reach: 3);
        using var diff = new ModelDiff(run.Quantized.Graph, run.Graph);
        using var reference = new FloatReference(run.Model, diff.Sources);
        for (var seed = 0; seed < 4; seed++)
        {
            var floats = reference.Run(SpelledRun.Sample(seed, 3));
            diff.Add(new IntegerExecutor(run.Quantized.Graph).Run(floats), floats);
        }

        Assert.All(diff.Report(), t => Assert.True(t.IsWithinBudget, t.ToString()));
    }

    /// <summary>What a sum of 16 bits loses of its operands of 8: nothing. Its judge is the sum of the two products of the model's own integers, in double precision.</summary>
    [Fact]
    public void A_sum_keeps_what_the_quantizers_of_its_operands_cut_off()
    {
        const double sumScale = (double)0.06f;
        var (device, file) = (0.0, 0.0);
        var run = SpelledRun.Of(SpelledModels.All["QLinearAdd"](), reach: 3);
        var (graph, executor) = (run.Quantized.Graph, new IntegerExecutor(run.Quantized.Graph));
        using var reference = new FloatReference(run.Model, []);
        for (var seed = 0; seed < 6; seed++)
        {
            var x = SpelledRun.Sample(seed, 3);
            var expected = Sum(x);
            Compare(QEncoding.Decode(graph.Tensors[graph.Output], executor.Run(x)[graph.Output]), ref device);
            Compare(reference.Run(x)[reference.OutputName], ref file);

            void Compare(float[] actual, ref double worst) => worst = Math.Max(worst, actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max());
        }

        Assert.InRange(device, 0, sumScale);
        Assert.True(file > 5 * sumScale, $"the file is {file} off");

        // Both products, and saturation of the sum's own elements.
        static double[] Sum(float[] x)
        {
            int[] first = SpelledModels.Integers(1, SpelledModels.Inputs * SpelledModels.Outputs), second = SpelledModels.Integers(2, SpelledModels.Inputs * SpelledModels.Outputs);
            double[] elements = [.. x.Select(v => Math.Clamp(Math.Round(v / SpelledModels.InputScale), -128, 127) * SpelledModels.InputScale)];
            return
            [
                .. Enumerable.Range(0, SpelledModels.Rows * SpelledModels.Outputs).Select(o => Math.Clamp(
                    Enumerable.Range(0, SpelledModels.Inputs).Sum(k => elements[(o / SpelledModels.Outputs * SpelledModels.Inputs) + k]
                        * SpelledModels.WeightScale * (first[(k * SpelledModels.Outputs) + (o % SpelledModels.Outputs)] + second[(k * SpelledModels.Outputs) + (o % SpelledModels.Outputs)])),
                    -128 * sumScale, 127 * sumScale)),
            ];
        }
    }

    [Fact]
    public void Scales_and_zero_points_are_those_of_the_model()
    {
        var graph = SpelledRun.Of(SpelledModels.All["QDQ, uint8 with zero points"]()).Quantized.Graph;

        var hidden = graph.Tensors[graph.Layers.OfType<QProduct>().First().Output];
        Assert.Equal(((float)SpelledModels.HiddenScale, 3 - 128), ((float)hidden.Scale, hidden.ZeroPoint));
        Assert.Equal((float)SpelledModels.InputScale, (float)graph.Tensors[graph.Input].Scale);
    }

    [Fact]
    public void Ranges_that_are_measured_do_not_replace_scales_of_the_model()
    {
        var model = SpelledModels.All["QDQ, one scale, int8"]();
        var graph = OnnxImporter.Import(model);
        var wide = SpelledRun.Ranges(model, graph);
        wide = wide with { ByTensor = wide.ByTensor.SetItems(wide.ByTensor.Keys.Select(k => KeyValuePair.Create(k, new TensorRange(-100, 100, 0)))) };

        var quantized = Quantizer.Quantize(model, graph, wide).Graph;

        Assert.Equal((float)SpelledModels.HiddenScale, (float)quantized.Tensors[quantized.Layers.OfType<QProduct>().First().Output].Scale);
    }

    private static int LimitOf(string spelling) => spelling switch
    {
        "QDQ, reduced range" => 63,
        "QONNX Quant, 4 bits" or "QCDQ, 4 bits" => 7,
        "QONNX Quant, a scale a channel" => 31,
        _ => 127,
    };
}
