using System.Text.Json.Nodes;
using Hil.Compression.Quantization;
using Hil.Contract;
using Hil.Jobs.Specs;
using Hil.Models.Export;

namespace Hil.Jobs.Steps;

/// <summary>A model, quantized, as a standard ONNX file with QuantizeLinear and DequantizeLinear.</summary>
public sealed class ExportPipeline : IPipeline
{
    /// <summary>Operator set that is written unless the job says otherwise.</summary>
    public const int Opset = QdqOptions.WithInt16;

    /// <summary>Operator set for runtimes that lack int16 quantizers.</summary>
    public const int PortableOpset = QdqOptions.Portable;

    /// <inheritdoc/>
    public Task<ExitKind> RunAsync(JobWork work)
    {
        ImportedModel model = ModelSteps.Import(work);
        QuantizationResult quantized = ModelSteps.Quantize(work, model);
        var options = new QdqOptions(work.Spec.Options.Opset ?? Opset);
        work.Report("export", $"opset {options.Opset}");
        byte[] onnx = QdqExport.Write(quantized.Graph, options);
        work.Add(ArtefactNames.ExportedModel, onnx);
        work.Add(ArtefactNames.Result, CanonicalJson.Bytes(new JsonObject
        {
            ["schema"] = "hil.export/1",
            ["model"] = model.Graph.Name,
            ["modelHash"] = model.Onnx.Hash,
            ["opset"] = options.Opset,
            ["bytes"] = onnx.Length,
            ["layers"] = quantized.Graph.Layers.Length,
            ["input"] = Describe.Tensor(quantized.Graph.Tensors[quantized.Graph.Input]),
            ["inputs"] = new JsonArray([.. quantized.Graph.Inputs.Select(i => Describe.Tensor(quantized.Graph.Tensors[i]))]),
            ["masks"] = Describe.Masks(model.Graph),
            ["output"] = Describe.Tensor(quantized.Graph.Tensors[quantized.Graph.Output]),
            ["warnings"] = Describe.Warnings(quantized),
        }));
        return Task.FromResult(ExitKind.Done);
    }
}
