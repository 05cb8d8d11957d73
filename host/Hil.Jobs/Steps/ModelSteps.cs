using Hil.Compiler;
using Hil.Compression.Pruning;
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
/// <param name="Pruned">What the job itself pruned; empty if nothing.</param>
public sealed record ImportedModel(OnnxModel Onnx, Graph Graph, IReadOnlyList<PrunedMatrix> Pruned);

/// <summary>A compiled model with what it was compiled from.</summary>
public sealed record CompiledModel(ImportedModel Model, QuantizationResult Quantized, CompiledProgram Compiled);

/// <summary>From an ONNX file to a program.</summary>
public static class ModelSteps
{
    /// <summary>A model with its dimensions bound: as the job says, as its samples show, and 1 for the batch.</summary>
    /// <param name="role">Of the input that holds the model.</param>
    /// <param name="samples">Roles of inputs whose arrays show the lengths of its dimensions; the first that is there is read.</param>
    public static OnnxModel Read(JobWork work, string role, params string[] samples)
    {
        string name = work.NameOf(role);
        OnnxModel model = OnnxModel.Parse(work.Read(role), Path.GetFileNameWithoutExtension(name), name);
        return InputBinding.Bind(model, work.Spec.Options.Bind ?? new Dictionary<string, long>(), () =>
        {
            string? shown = samples.FirstOrDefault(work.Has);
            return shown is null ? null : NpzFile.Read(new MemoryStream(work.Read(shown)), work.NameOf(shown));
        });
    }

    public static ImportedModel Import(JobWork work, string role = JobSpec.Model)
    {
        work.Report("import", work.NameOf(role));
        OnnxModel onnx = Read(work, role, JobSpec.Calibration, JobSpec.Data);
        return new ImportedModel(onnx, OnnxImporter.Import(onnx), []);
    }

    /// <summary>The model with the job's share of its feed-forward blocks set to zero; a block is a tile of the machine's array.</summary>
    public static ImportedModel Prune(JobWork work, ImportedModel model, Machine machine)
    {
        double share = work.Spec.Options.PruneBlocks;
        work.Report("prune", $"{100 * share:0.#} % of the {machine.Rows} x {machine.Columns} blocks of the feed-forward layers");
        PruneResult pruned = BlockPruner.Prune(model.Onnx, model.Graph, share, machine.Rows, machine.Columns);
        work.Add(ArtefactNames.PrunedModel, pruned.Model.Bytes.Span);
        return new ImportedModel(pruned.Model, OnnxImporter.Import(pruned.Model), pruned.Matrices);
    }

    /// <summary>Measures ranges on the job's calibration samples and quantizes.</summary>
    /// <param name="prefix">Of the artefact's name.</param>
    public static QuantizationResult Quantize(JobWork work, ImportedModel model, string prefix = "")
    {
        TensorRanges ranges = Ranges(work, model);
        work.Report("quantize", $"{model.Graph.Layers.Length} layers to int8");
        QuantizationResult result = Quantizer.Quantize(model.Onnx, model.Graph, ranges);
        work.Add(prefix + ArtefactNames.QuantizedGraph, QuantizedGraphFile.Write(result.Graph));
        return result;
    }

    /// <summary>Measured on the job's calibration samples; of a quantized model without samples, those it says itself.</summary>
    private static TensorRanges Ranges(JobWork work, ImportedModel model)
    {
        if (work.Has(JobSpec.Calibration))
        {
            string name = work.NameOf(JobSpec.Calibration);
            Dataset samples = Dataset.Parse(
                work.Read(JobSpec.Calibration), Path.GetFileNameWithoutExtension(name), name, model.Graph);
            work.Report("calibrate", $"ranges on {samples.Count} samples");
            return RangeCalibrator.Measure(
                model.Onnx, model.Graph, samples, new Counted(work, "calibrate", samples.Count), work.Cancel);
        }

        return model.Graph.Encodings.Tensors.IsEmpty
            ? throw new HilException(ExitKind.Usage, "there are no samples to set the ranges of its tensors by.",
                model.Onnx.Name, "Give some that are not evaluated: --calib calib.npz.")
            : EncodedRanges.Of(model.Graph);
    }

    /// <summary>The job's model, pruned if the job says so, up to its program.</summary>
    public static CompiledModel Compile(JobWork work, Machine machine)
    {
        ImportedModel model = Import(work);
        return Compile(work, work.Spec.Options.PruneBlocks > 0 ? Prune(work, model, machine) : model, machine);
    }

    public static CompiledModel Compile(JobWork work, ImportedModel model, Machine machine, string prefix = "")
    {
        QuantizationResult quantized = Quantize(work, model, prefix);
        work.Report("compile", $"{model.Graph.Name} for {machine.Name}");
        return new CompiledModel(model, quantized, ModelCompiler.Compile(quantized.Graph, machine));
    }

    private sealed class Counted(JobWork work, string step, int count) : IProgress<int>
    {
        public void Report(int value) => work.Report(step, $"{value} of {count} samples", (double)value / count);
    }
}
