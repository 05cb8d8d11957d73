using Hil.Contract;
using Hil.Models.Onnx;
using Hil.Models.Tests.Import;

namespace Hil.Cli.Tests.Strangers;

/// <summary>
/// The three commands on the exports that the support matrix has, and on a model of images, with random data. Ranges are set by the samples that
/// are run, so that no value is clipped for having never been seen.
/// </summary>
public sealed class ModelsOfTheRepository : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Exports() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "exports"), "*.onnx").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

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
