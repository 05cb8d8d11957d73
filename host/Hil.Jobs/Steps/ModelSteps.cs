using Hil.Compiler;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Jobs.Specs;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;

namespace Hil.Jobs.Steps;

/// <summary>A model as read: the file and what it computes.</summary>
public sealed record ImportedModel(OnnxModel Onnx, Graph Graph);

/// <summary>A compiled model with what it was compiled from.</summary>
public sealed record CompiledModel(ImportedModel Model, QuantizationResult Quantized, CompiledProgram Compiled);

/// <summary>From an ONNX file to a program.</summary>
public static class ModelSteps
{
    public static ImportedModel Import(JobWork work)
    {
        string name = work.NameOf(JobSpec.Model);
        work.Report("import", name);
        OnnxModel onnx = OnnxModel.Parse(work.Read(JobSpec.Model), Path.GetFileNameWithoutExtension(name), name);
        return new ImportedModel(onnx, OnnxImporter.Import(onnx));
    }

    /// <summary>Measures ranges on the job's calibration samples and quantizes.</summary>
    public static QuantizationResult Quantize(JobWork work, ImportedModel model)
    {
        if (!work.Has(JobSpec.Calibration))
        {
            throw new HilException(ExitKind.Usage, "there are no samples to set the ranges of its tensors by.",
                work.NameOf(JobSpec.Model), "Give some that are not evaluated: --calib calib.npz.");
        }

        string name = work.NameOf(JobSpec.Calibration);
        Dataset samples = Dataset.Parse(
            work.Read(JobSpec.Calibration), Path.GetFileNameWithoutExtension(name), name, model.Graph);
        work.Report("calibrate", $"ranges on {samples.Count} samples");
        TensorRanges ranges = RangeCalibrator.Measure(
            model.Onnx, model.Graph, samples, new Counted(work, "calibrate", samples.Count), work.Cancel);
        work.Report("quantize", $"{model.Graph.Layers.Length} layers to int8");
        QuantizationResult result = Quantizer.Quantize(model.Onnx, model.Graph, ranges);
        work.Add(ArtefactNames.QuantizedGraph, QuantizedGraphFile.Write(result.Graph));
        return result;
    }

    public static CompiledModel Compile(JobWork work, Machine machine)
    {
        ImportedModel model = Import(work);
        QuantizationResult quantized = Quantize(work, model);
        work.Report("compile", $"for {machine.Name}");
        return new CompiledModel(model, quantized, ModelCompiler.Compile(quantized.Graph, machine));
    }

    private sealed class Counted(JobWork work, string step, int count) : IProgress<int>
    {
        public void Report(int value) => work.Report(step, $"{value} of {count} samples", (double)value / count);
    }
}
