using System.Globalization;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quality;
using Hil.Models.Quantized;
using Hil.Models.Reference;
using Xunit.Abstractions;

namespace Hil.Compression.Tests;

/// <summary>
/// Int8 against float by the integer executor, on the whole evaluation sets: the figures of docs/results/quantization.md.
/// </summary>
public sealed class QuantizationQuality(ITestOutputHelper output)
{
    private const double MostDifferentWords = 0.01;

    [SkippableFact]
    public void Kwt1_agrees_with_float()
    {
        var report = Measure(TestData.Kwt1("kwt1_opset17.onnx"), TestData.Kwt1("calib.npz"), TestData.Kwt1("eval.npz"));

        Assert.True(report.Agreement >= 0.99, $"agreement {report.Agreement}");
        Assert.True(report.SqnrDb >= 32, $"SQNR {report.SqnrDb}");
        Assert.True(Math.Abs(report.Float!.Value - (275.0 / 300)) < 1e-4, "float accuracy is not the recorded one");
    }

    [SkippableFact]
    public void Fsdd_ctc_transcribes_as_float()
    {
        var report = Measure(TestData.Fsdd("fsdd_ctc_opset17.onnx"), TestData.Fsdd("calib.npz"), TestData.Fsdd("eval.npz"));

        Assert.True(report.TranscriptDifference <= MostDifferentWords, $"WER to float {report.TranscriptDifference}");
        Assert.True(report.SqnrDb >= 32, $"SQNR {report.SqnrDb}");
    }

    [SkippableTheory]
    [InlineData("digits.onnx")]
    [InlineData("digits_block50.onnx")]
    public void Spoken_digits_transcribes_as_float(string model)
    {
        var report = Measure(TestData.Digits(model), TestData.Digits("calib.npz"), TestData.Digits("eval.npz"));

        Assert.True(report.TranscriptDifference <= MostDifferentWords, $"WER to float {report.TranscriptDifference}");
        Assert.True(report.SqnrDb >= 32, $"SQNR {report.SqnrDb}");
    }

    [SkippableTheory]
    [InlineData("pubenc_encoder_static1x64_opset17.onnx", "encoder_calib.npz", "encoder_eval.npz")]
    [InlineData("pubenc.onnx", "calib.npz", "dev.npz")]
    public void Bert_tiny_with_masked_padding_agrees_with_float(string model, string calibration, string evaluation)
    {
        var isFull = Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1";
        var report = Measure(TestData.Sst2(model), TestData.Sst2(calibration), TestData.Sst2(evaluation), isFull ? int.MaxValue : 128);

        Assert.True(report.Agreement >= 0.99, $"agreement {report.Agreement}");
        Assert.True(report.SqnrDb >= 32, $"SQNR {report.SqnrDb}");
        Assert.True(report.Samples < 872 || Math.Abs(report.Float!.Value - 0.8062) < 1e-4, $"float accuracy {report.Float} is not the recorded one");
    }

    private QualityReport Measure(string modelPath, string calibration, string evaluation, int most = int.MaxValue)
    {
        var model = InputBinding.Bind(OnnxModel.Load(modelPath), new Dictionary<string, long>(), () => NpzFile.Load(calibration));
        var graph = OnnxImporter.Import(model);
        var ranges = RangeCalibrator.Measure(model, graph, Dataset.Load(calibration, graph), null, CancellationToken.None);
        var result = Quantizer.Quantize(model, graph, ranges);
        var data = Dataset.Load(evaluation, graph).Take(most);
        var (reference, device, noise) = Execute(model, result.Graph, data, graph);
        var report = QualityMeter.Measure(data, graph.Output, reference, device);
        output.WriteLine(report.ToString());
        foreach (var warning in result.Warnings)
        {
            output.WriteLine(warning.ToString());
        }

        foreach (var line in noise)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.SqnrDb,6:F1} dB {line.Saturated,6} {line.SaturatedShare,8:P3}  {line.Tensor}"));
        }

        return report;
    }

    private static (float[][] Reference, float[][] Device, IReadOnlyList<TensorNoise> Noise) Execute(
        OnnxModel model, QuantizedGraph quantized, Dataset data, Graph graph)
    {
        var (reference, device) = (new float[data.Count][], new float[data.Count][]);
        var meter = new NoiseMeter(quantized);
        using var floats = new FloatReference(model, meter.Sources.Concat(graph.GivenTensors));
        var executor = new IntegerExecutor(quantized);
        Parallel.For(0, data.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            IReadOnlyDictionary<string, float[]> expected;
            lock (meter)
            {
                expected = floats.Run(data.Inputs[i]);
            }

            var tensors = executor.Run(expected);
            device[i] = QEncoding.Decode(quantized.Tensors[quantized.Output], tensors[quantized.Output]);
            lock (meter)
            {
                reference[i] = expected[graph.Output.Name];
                foreach (var (name, elements) in tensors.Where(t => quantized.Tensors.ContainsKey(t.Key)))
                {
                    var tensor = quantized.Tensors[name];
                    var valid = data.Lengths.IsEmpty || tensor.Rows != graph.Output.Rows ? int.MaxValue : data.Lengths[i];
                    meter.Add(name, elements, expected[tensor.Source], valid);
                }
            }
        });
        return (reference, device, meter.Report());
    }
}
