using Hil.Contract.Machines;
using Hil.Models.Data;
using Hil.Models.Onnx;
using Hil.Models.Quantized;
using Hil.Models.Reference;
using Xunit.Abstractions;

namespace Hil.Jobs.Tests.Imported;

/// <summary>Small models of other exporters with what their authors recorded for one input.</summary>
public sealed class RecordedModelsOfOthers(ITestOutputHelper output)
{
    // TinyViT has four channels of untrained weights and thirty layers on end, each of which adds the noise of 8 bits to the same four numbers.
    [SkippableTheory]
    [InlineData("cct1-ort", 32)]
    [InlineData("tinyvit-torch27", 20)]
    public void Give_the_recorded_output_on_the_emulator(string name, double leastDecibels)
    {
        var model = OnnxModel.Load(TestData.Path("exporters", name, "network.onnx"));
        float[] input = Only(name, "inputs.npz");
        float[] recorded = Only(name, "outputs.npz");
        using var reference = new FloatReference(model, []);
        float[] own = reference.Run(input)[reference.OutputName];
        float largest = recorded.Max(Math.Abs);
        Assert.All(recorded.Zip(own), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, 1e-4 * largest));

        var imported = new ImportedModel(model);
        ModelSample sample = ModelSample.Of(imported.Graph.ModelInputs[0].Name, input);
        (double decibels, _, _) = imported.Run(MachineFile.Bundled("arty-a7-100t"), [sample]);
        output.WriteLine($"{decibels:F1} dB");
        QTensor logits = imported.Quantized.Tensors[imported.Quantized.Output];
        float[] device = QEncoding.Decode(logits, new IntegerExecutor(imported.Quantized).Run(input)[logits.Name]);
        Assert.Equal(Array.IndexOf(recorded, recorded.Max()), Array.IndexOf(device, device.Max()));
        Assert.True(decibels >= leastDecibels, $"{decibels:F1} dB");
    }

    private static float[] Only(string name, string file) => NpzFile.Load(TestData.Path("exporters", name, file)).Values.Single().ToSingles();
}
