using Hil.Contract;
using Hil.Jobs.Tests.Imported;
using Hil.Models.Onnx;
using Hil.Models.Tests.Import;
using Hil.Models.Tests.Import.Quantized;
using Microsoft.ML.OnnxRuntime;

namespace Hil.Cli.Tests.Strangers;

/// <summary>
/// The three commands on the exports that the support matrix has, and on a model of images, with random data. Ranges are set by the samples that
/// are run, so that no value is clipped for having never been seen.
/// </summary>
public sealed class ModelsOfTheRepository : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Files => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "exports"), "*.onnx")
        .Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    public static TheoryData<string> Exports() => [.. Files];

    [Theory]
    [MemberData(nameof(Exports))]
    public async Task Run_to_the_end(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "exports", $"{name}.onnx");
        bool isSymbolic = OnnxModel.Load(path).Inputs.IsEmpty;
        string data = RandomSamples.Write(_folder["data.npz"], path, isSymbolic);
        Assert.Equal(
            ExitKind.Done,
            await ThreeCommands.Try(
                path, data, data, name == "norm_1024" ? "lab-32x32" : "arty-a7-100t", isSymbolic ? RandomSamples.Bind : null));
    }

    public static TheoryData<string, string> OptimizedExports()
    {
        List<(string Name, GraphOptimizationLevel Level)> some = [("post_norm", GraphOptimizationLevel.ORT_ENABLE_EXTENDED), ("sequence_pool", GraphOptimizationLevel.ORT_ENABLE_ALL)];
        GraphOptimizationLevel[] levels = [GraphOptimizationLevel.ORT_ENABLE_BASIC, GraphOptimizationLevel.ORT_ENABLE_EXTENDED, GraphOptimizationLevel.ORT_ENABLE_ALL];
        var models = new TheoryData<string, string>();
        foreach ((string name, GraphOptimizationLevel level) in Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1" ? Files.SelectMany(f => levels.Select(l => (f, l))) : some)
        {
            models.Add(name, $"{level}");
        }

        return models;
    }

    /// <summary>The same files as ONNX Runtime's optimizer writes them: what it lays out for the processor that it runs on is refused by all three alike. HIL_TEST_FULL=1 takes all.</summary>
    [Theory]
    [MemberData(nameof(OptimizedExports))]
    public async Task Run_or_are_refused_alike_as_the_optimizer_writes_them(string name, string level)
    {
        string plain = Path.Combine(AppContext.BaseDirectory, "exports", $"{name}.onnx");
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = Enum.Parse<GraphOptimizationLevel>(level),
            OptimizedModelFilePath = _folder["optimized.onnx"],
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        new InferenceSession(plain, options).Dispose();
        bool isSymbolic = OnnxModel.Load(plain).Inputs.IsEmpty;
        string data = RandomSamples.Write(_folder["data.npz"], plain, isSymbolic);
        bool isForItsProcessor = OnnxModel.Load(_folder["optimized.onnx"]).Original.Graph.Node.Any(n => n.Domain == "com.microsoft.nchwc");
        Assert.Equal(
            isForItsProcessor ? ExitKind.Unsupported : ExitKind.Done,
            await ThreeCommands.Try(_folder["optimized.onnx"], data, data, name == "norm_1024" ? "lab-32x32" : "arty-a7-100t", isSymbolic ? RandomSamples.Bind : null));
    }

    public static TheoryData<string> MadeByHand() => [.. ByHand.Keys];

    /// <summary>Models in spellings that no exporter here writes, quantized ones among them.</summary>
    [Theory]
    [MemberData(nameof(MadeByHand))]
    public async Task Run_as_other_exporters_and_quantizers_write_them(string name)
    {
        OnnxModel model = ByHand[name]();
        File.WriteAllBytes(_folder["model.onnx"], model.Bytes.ToArray());
        bool isSymbolic = OnnxModel.Load(_folder["model.onnx"]).Inputs.IsEmpty;
        string data = RandomSamples.Write(_folder["data.npz"], _folder["model.onnx"], isSymbolic);
        Assert.Equal(ExitKind.Done, await ThreeCommands.Try(_folder["model.onnx"], data, data, "arty-a7-100t", isSymbolic ? RandomSamples.Bind : null));
    }

    private static readonly Dictionary<string, Func<OnnxModel>> ByHand =
        HandMadeModels.All.Concat(FusedModels.All).Select(m => (m.Name, m.Read)).Concat(SpelledModels.All.Select(m => (Name: m.Key, Read: m.Value))).ToDictionary(m => m.Name, m => m.Read);

    /// <summary>Samples of [channels, height, width], as a vision data set has them.</summary>
    [Fact]
    public async Task Run_on_images()
    {
        var m = new TinyModel("image", 1, 3, 12, 10);
        string first = m.Node("Relu", [m.Node("Conv", ["image", m.Weights(1, 8, 3, 3, 3), m.Weights(2, 8)], ("pads", new long[] { 1, 1, 1, 1 }))]);
        string second = m.Node("Conv", [first, m.Weights(3, 12, 8, 3, 3), m.Weights(4, 12)], ("strides", new long[] { 2, 2 }));
        File.WriteAllBytes(_folder["images.onnx"], m.Finish(second));
        string data = RandomSamples.Write(_folder["data.npz"], _folder["images.onnx"], false);
        Assert.Equal(ExitKind.Done, await ThreeCommands.Try(_folder["images.onnx"], data, data, "icebreaker", null));
    }
}
