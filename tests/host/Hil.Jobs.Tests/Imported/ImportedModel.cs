using Hil.Compiler;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator;
using Hil.Jobs.Steps;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quality;
using Hil.Models.Quantized;
using Hil.Models.Reference;
using Microsoft.ML.OnnxRuntime;

namespace Hil.Jobs.Tests.Imported;

/// <summary>A model taken all the way: imported, ranges set on random samples, quantized; then run in plain integers and on the emulator.</summary>
internal sealed class ImportedModel
{
    private const int RangeSamples = 24;
    private const int Seed = 7;

    /// <param name="model">What is imported.</param>
    /// <param name="ranges">Samples to set the ranges by; null: random ones.</param>
    public ImportedModel(OnnxModel model, string? ranges = null)
    {
        Model = model;
        Graph = OnnxImporter.Import(model);
        Samples = [.. Enumerable.Range(0, RangeSamples).Select(i => Sample(Graph, Seed + i))];
        var data = ranges is null ? new Dataset("random", "0", [.. Samples], [], false, [], []) : Dataset.Load(ranges, Graph);
        Ranges = RangeCalibrator.Measure(model, Graph, data, null, CancellationToken.None);
        Quantized = Quantizer.Quantize(model, Graph, Ranges).Graph;
    }

    /// <summary>The files of the exports, without extension.</summary>
    public static IEnumerable<string> Exports => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "exports"), "*.onnx")
        .Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    public OnnxModel Model { get; }

    public Graph Graph { get; }

    public TensorRanges Ranges { get; }

    public QuantizedGraph Quantized { get; }

    public IReadOnlyList<ModelSample> Samples { get; }

    /// <summary>A file of the exports, its symbolic dimensions bound.</summary>
    public static OnnxModel Export(string name, long sequence = 10) =>
        Bound(OnnxModel.Load(Path.Combine(AppContext.BaseDirectory, "exports", $"{name}.onnx")), sequence);

    /// <summary>The same file as ONNX Runtime's optimizer writes it.</summary>
    public static OnnxModel Optimized(string name, GraphOptimizationLevel level, long sequence = 10)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, $"{name}.onnx");
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = level,
            OptimizedModelFilePath = path,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        new InferenceSession(Path.Combine(AppContext.BaseDirectory, "exports", $"{name}.onnx"), options).Dispose();
        return Bound(OnnxModel.Load(path), sequence);
    }

    /// <summary>
    /// Runs samples (two of the random ones if none are given) in plain integers and on the emulator, asserts that all tensors are equal, and gives the noise against the float model.
    /// </summary>
    public (double SqnrDb, double LargestError, string Where) Run(Machine machine, IReadOnlyList<ModelSample>? samples = null)
    {
        ProgramImage program = ModelCompiler.Compile(Quantized, machine).Program;
        var engine = new EmulatorEngine(machine, program);
        var executor = new IntegerExecutor(Quantized);
        using var floats = new FloatReference(Model, Quantized.Tensors.Values.Select(t => t.Source).Where(s => s.Length > 0).Concat(Graph.GivenTensors));
        var (signal, noise, largest, where) = (0.0, 0.0, 0.0, string.Empty);
        foreach (ModelSample sample in samples ?? [.. Samples.Take(2)])
        {
            IReadOnlyDictionary<string, float[]> expected = floats.Run(sample);
            Dictionary<string, int[]> tensors = executor.Run(expected);
            var wrong = new List<string>();
            var outputs = engine.Run(PlacedSamples.Encode(program, expected).Inputs, new RunRequest(false, (place, bytes) => Compare(place, bytes.Span))).Outputs;
            for (int i = 0; i < outputs.Count; i++) Compare(program.Outputs[i], outputs[i]);
            Assert.Empty(wrong);
            // What no ONNX tensor shows is compared in integers alone.
            foreach (QTensor tensor in Quantized.Tensors.Values.Where(t => t.Source.Length > 0 && expected[t.Source].Length == t.Count))
            {
                float[] reference = expected[tensor.Source];
                float[] device = QEncoding.Decode(tensor, tensors[tensor.Name]);
                double error = reference.Zip(device, (a, b) => Math.Abs(a - b)).Max() / Math.Max(1e-9, reference.Max(Math.Abs));
                if (error > largest) (largest, where) = (error, tensor.Source);
                if (tensor.Name != Quantized.Output) continue;
                signal += reference.Sum(v => (double)v * v);
                noise += reference.Zip(device, (a, b) => ((double)a - b) * (a - b)).Sum();
            }

            void Compare(TensorPlace place, ReadOnlySpan<byte> bytes)
            {
                (string name, int row) = PlacedSamples.NameOf(place);
                int columns = Quantized.Tensors[name].Columns;
                if (!PlacedSamples.Integers(place, bytes).AsSpan().SequenceEqual(tensors[name].AsSpan(row * columns, place.Rows * columns))) wrong.Add(place.Name);
            }
        }

        return (Metrics.Decibels(signal, noise), largest, where);
    }

    private static OnnxModel Bound(OnnxModel model, long sequence) =>
        InputBinding.Bind(model, model.Inputs.IsEmpty ? new Dictionary<string, long> { ["seq"] = sequence } : []);

    private static ModelSample Sample(Graph graph, int seed)
    {
        var random = new Random(seed);
        return new(graph.ModelInputs.ToDictionary(i => i.Name, i => (ReadOnlyMemory<float>)Values(i)));

        float[] Values(ModelInput input)
        {
            if (input.Name.Contains("mask", StringComparison.Ordinal))
            {
                int length = random.Next(1, input.Count + 1);
                return [.. Enumerable.Range(0, input.Count).Select(i => i < length ? 1f : 0)];
            }

            return input.ElementType == 1
                ? [.. Enumerable.Range(0, input.Count).Select(_ => (float)Normal(random))]
                : [.. Enumerable.Range(0, input.Count).Select(_ => (float)random.Next(input.Name.Contains("type", StringComparison.Ordinal) ? 2 : 20))];
        }
    }

    // Box and Muller.
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
