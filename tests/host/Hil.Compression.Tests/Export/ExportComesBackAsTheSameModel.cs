using System.Text.Json;
using Hil.Cli.Tests.Strangers;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Models.Data;
using Hil.Models.Export;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;
using Hil.Models.Tests.Import;

namespace Hil.Compression.Tests.Export;

/// <summary>
/// A model that was exported and is imported again, without any calibration, is the same quantized graph to the last integer, scale and name: so is its program.
/// </summary>
public sealed class ExportComesBackAsTheSameModel
{
    /// <summary>Some of their layers have no name in the file (a part of a gate, an attention over one key, a mask that the file keeps), or another node's.</summary>
    private static readonly string[] Nameless = ["bilinear", "swiglu", "linear_attention", "sequence_1", "time_embedding", "tokens_10000", "tokens_lowest", "windows_shifted"];

    public static TheoryData<string> Exports() =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "exports"), "*.onnx").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Where(name => name != "sequence_pool").Order(StringComparer.Ordinal),
    ];

    [SkippableTheory]
    [InlineData(QdqOptions.Portable)]
    public void The_bundled_model(int opset) => Check(TestData.Digits("digits.onnx"), TestData.Digits("calib.npz"), opset);

    [SkippableFact]
    public void The_bundled_model_with_zero_blocks() => Check(TestData.Digits("digits_block50.onnx"), TestData.Digits("calib.npz"), QdqOptions.Portable);

    [SkippableFact]
    public void Kwt1() => Check(TestData.Kwt1("kwt1_opset17.onnx"), TestData.Kwt1("calib.npz"), QdqOptions.Portable);

    [SkippableFact]
    public void Fsdd() => Check(TestData.Fsdd("fsdd_ctc_opset17.onnx"), TestData.Fsdd("calib.npz"), QdqOptions.Portable);

    /// <summary>
    /// All exports of the support matrix but one, with random samples. sequence_pool is imported again with samples only: it has a constant in a sum and one as the
    /// queries of an attention, whose grids the file does not say.
    /// </summary>
    [Theory]
    [MemberData(nameof(Exports))]
    public void An_export_of_the_repository(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "exports", $"{name}.onnx");
        var folder = Directory.CreateTempSubdirectory("hil").FullName;
        try
        {
            var samples = RandomSamples.Write(Path.Combine(folder, "samples.npz"), path, OnnxModel.Load(path).Inputs.IsEmpty);
            Check(path, samples, QdqOptions.Portable, hasNames: !Nameless.Contains(name));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    /// <summary>Batches beside and below each other, the right factor transposed or the left, scaled.</summary>
    [Theory]
    [InlineData("one", false)]
    [InlineData("one", true)]
    [InlineData("beside", false)]
    [InlineData("beside", true)]
    [InlineData("below", true)]
    public void A_product_of_two_activations(string batches, bool isTransposed)
    {
        const int Rows = 6, Columns = 12;
        var m = new TinyModel("x", 1, Rows, Columns);
        string Linear(int seed, int columns) => m.Node("MatMul", ["x", m.Weights(seed, Columns, columns)]);
        string Blocks(string x) => batches switch
        {
            "beside" => m.Node("Transpose", [m.Node("Reshape", [x, m.Integers(1, Rows, 2, -1)])], ("perm", new long[] { 0, 2, 1, 3 })),
            "below" => m.Node("Reshape", [x, m.Integers(1, 2, Rows / 2, -1)]),
            _ => m.Node("Reshape", [x, m.Integers(1, 1, Rows, -1)]),
        };
        string Turned(string x) => m.Node("Transpose", [x], ("perm", new long[] { 0, 1, 3, 2 }));
        var (left, right) = (Linear(1, 8), Linear(2, 8));
        var product = isTransposed
            ? m.Node("MatMul", [Blocks(left), Turned(Blocks(right))])
            : m.Node("MatMul", [Turned(Blocks(left)), Blocks(right)]);
        product = m.Node("Mul", [product, m.Number(0.3)]);
        var size = (batches, isTransposed) switch
        {
            ("one", true) => Rows * Rows,
            ("one", false) => 64,
            ("beside", true) => 2 * Rows * Rows,
            ("beside", false) => 32,
            (_, true) => Rows * Rows / 2,
            _ => 128,
        };
        var model = m.Parse(m.Node("MatMul", [m.Node("Reshape", [product, m.Integers(1, 2, size / 2)]), m.Weights(3, size / 2, 5)]));
        var graph = OnnxImporter.Import(model);
        var random = new Random(4);
        var samples = new Dataset(
            "samples",
            string.Empty,
            [.. Enumerable.Range(0, 8).Select(_ => ModelSample.Of("x", Enumerable.Range(0, Rows * Columns).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray()))],
            [], false, [], []);

        Assert.Contains(graph.Layers, l => l is ActivationProduct);
        CheckIntegers(model, graph, samples);
    }

    private static void Check(string modelPath, string calibration, int opset, bool hasNames = true)
    {
        var model = InputBinding.Bind(OnnxModel.Load(modelPath), OnnxModel.Load(modelPath).Inputs.IsEmpty ? new Dictionary<string, long> { ["seq"] = 10 } : []);
        var graph = OnnxImporter.Import(model);
        if (hasNames)
        {
            Check(model, graph, Dataset.Load(calibration, graph), opset);
        }
        else
        {
            CheckIntegers(model, graph, Dataset.Load(calibration, graph));
        }
    }

    /// <summary>The same layers, integers and scales; what no tensor of the file shows may have another name, and its axes of length 1 elsewhere.</summary>
    private static void CheckIntegers(OnnxModel model, Graph graph, Dataset calibration)
    {
        var (before, result) = Both(model, graph, calibration, QdqOptions.Portable);

        Assert.Empty(result.Warnings);
        Assert.Equal(WithoutNames(before), WithoutNames(result.Graph));
    }

    private static string WithoutNames(QuantizedGraph graph)
    {
        var names = graph.Inputs.Concat(graph.Masks.Select(m => m.Name)).Concat(graph.Layers.SelectMany(l => l.Outputs)).Select((name, i) => (name, i)).ToDictionary(p => p.name, p => $"tensor {p.i}");
        var text = string.Join('\n', [
            .. graph.Layers.Select(l => JsonSerializer.Serialize<object>(l with { Name = string.Empty })),
            .. names.Keys.Where(graph.Tensors.ContainsKey).Select(n => JsonSerializer.Serialize(graph.Tensors[n] with { Source = string.Empty, Order = null })),
        ]);
        return names.OrderByDescending(n => n.Key.Length).Aggregate(text, (t, n) => t.Replace($"\"{n.Key}\"", $"\"{n.Value}\"", StringComparison.Ordinal));
    }

    private static (QuantizedGraph Before, QuantizationResult Again) Both(OnnxModel model, Graph graph, Dataset calibration, int opset)
    {
        var ranges = RangeCalibrator.Measure(model, graph, calibration.Take(16), null, CancellationToken.None);
        var before = Quantizer.Quantize(model, graph, ranges).Graph;
        var exported = OnnxModel.Parse(QdqExport.Write(before, new QdqOptions(opset)), before.Name, "export.onnx");
        var again = OnnxImporter.Import(exported);
        return (before, Quantizer.Quantize(exported, again, EncodedRanges.Of(again)));
    }

    private static void Check(OnnxModel model, Graph graph, Dataset calibration, int opset)
    {
        var (before, result) = Both(model, graph, calibration, opset);

        Assert.Empty(result.Warnings);
        Assert.Equal(before.Layers.Select(l => l.Name), result.Graph.Layers.Select(l => l.Name));
        Assert.Equal(before.Tensors.Values, result.Graph.Tensors.Values);
        foreach (var (a, b) in before.Layers.Zip(result.Graph.Layers))
        {
            Assert.Equal(JsonSerializer.Serialize(a), JsonSerializer.Serialize(b));
        }

        Assert.Equal(QuantizedGraphFile.Write(before), QuantizedGraphFile.Write(result.Graph with { ModelHash = before.ModelHash }));
    }
}
