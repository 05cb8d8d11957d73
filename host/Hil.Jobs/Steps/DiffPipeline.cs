using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Jobs.Specs;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Quality;
using Hil.Models.Quantized;
using Hil.Models.Reference;

namespace Hil.Jobs.Steps;

/// <summary>
/// A model on a device, layer by layer, against the float model in ONNX Runtime and against the QDQ form of each layer. The gate: no tensor is
/// noisier than its inputs and its own roundings explain, no element further from the QDQ form than is derived.
/// </summary>
public sealed class DiffPipeline(ProgramSteps steps) : IPipeline
{
    public const string Schema = "hil.diff/1";

    private const int DefaultSamples = 4;

    /// <inheritdoc/>
    public async Task<ExitKind> RunAsync(JobWork work)
    {
        Machine machine = ProgramSteps.Machine(work);
        CompiledModel compiled = ModelSteps.Compile(work, machine);
        QuantizedGraph graph = compiled.Quantized.Graph;
        Dataset data = Samples(work, compiled.Model);
        BoundProgram bound = ProgramSteps.Bind(work, compiled.Compiled.Program, machine);
        var observer = new NoiseObserver(graph);
        IReadOnlyDictionary<string, float[]>[] given = [.. QualityStep.Given(compiled.Model.Onnx, compiled.Model.Graph, data.Inputs)];
        Execution execution = await steps.RunAsync(
            work, bound, [.. given.Select(g => PlacedSamples.Encode(bound.Program, g))], observer.Observe, data.Count);

        using var diff = new ModelDiff(graph, compiled.Model.Graph);
        using var reference = new FloatReference(compiled.Model.Onnx, diff.Sources);
        for (int i = 0; i < data.Count; i++)
        {
            work.Report("diff", $"{i + 1} of {data.Count} samples", (double)(i + 1) / data.Count);
            diff.Add(Device(graph, bound.Program, observer.Seen(i), execution.Outputs[i], given[i]), reference.Run(data.Inputs[i]));
        }

        IReadOnlyList<TensorDiff> report = diff.Report();
        JsonArray warnings = Describe.Warnings(compiled.Quantized);
        if (Layout(work, compiled.Model, data) is { } layout)
        {
            warnings.Add(new JsonObject
            {
                ["where"] = data.Name,
                ["what"] = layout,
                ["whatToDo"] = "Transpose each sample to [rows, columns] of the model's input.",
            });
        }

        bool passed = report.All(t => t.IsWithinBudget);
        work.Add(ArtefactNames.Result, CanonicalJson.Bytes(new JsonObject
        {
            ["schema"] = Schema,
            ["model"] = compiled.Model.Graph.Name,
            ["modelHash"] = compiled.Model.Onnx.Hash,
            ["machine"] = machine.Name,
            ["device"] = work.Spec.Options.Device,
            ["samples"] = data.Count,
            ["tensors"] = new JsonArray([.. report.Select(Json)]),
            ["firstBeyond"] = report.FirstOrDefault(t => !t.IsWithinBudget) is { } first ? Json(first) : null,
            ["warnings"] = warnings,
            ["passed"] = passed,
        }));
        return passed ? ExitKind.Done : ExitKind.GateFailed;
    }

    private static JsonNode Json(TensorDiff t) => new JsonObject
    {
        ["tensor"] = t.Tensor,
        ["layer"] = t.Layer,
        ["seen"] = t.IsSeen,
        ["sqnrDb"] = double.IsFinite(t.SqnrDb) ? t.SqnrDb : null,
        ["budgetDb"] = t.BudgetDb,
        ["saturated"] = t.Saturated,
        ["largestSteps"] = t.LargestSteps,
        ["boundSteps"] = t.BoundSteps,
        ["beyondBound"] = t.Beyond,
        ["withinBudget"] = t.IsWithinBudget,
        ["nodes"] = new JsonArray([.. t.Nodes.Select(n => JsonValue.Create(n))]),
    };

    /// <summary>What was seen on the device, with the inputs as they were given and the output as it came back.</summary>
    private static Dictionary<string, int[]> Device(
        QuantizedGraph graph, ProgramImage program, Dictionary<string, int[]> seen, IReadOnlyList<byte[]> outputs, IReadOnlyDictionary<string, float[]> given)
    {
        foreach (QTensor input in graph.MoreInputs.Prepend(graph.Input).Select(name => graph.Tensors[name]))
        {
            seen[input.Name] = QEncoding.Encode(input, given[input.Source]);
        }

        foreach (QMask mask in graph.Masks)
        {
            seen[mask.Name] = MaskBits.Keys(mask.Source, given[mask.Source.Tensor]);
        }

        seen[graph.Output] = [.. program.Outputs.Zip(outputs, (place, bytes) => PlacedSamples.Integers(place, bytes)).SelectMany(v => v)];
        return seen;
    }

    /// <summary>The first samples of the data, or of the calibration where there are none.</summary>
    private static Dataset Samples(JobWork work, ImportedModel model)
    {
        string role = work.Has(JobSpec.Data) ? JobSpec.Data : JobSpec.Calibration;
        if (!work.Has(role))
        {
            throw new HilException(ExitKind.Usage, "there are no samples to compare on.", model.Onnx.Name, "Give some: --data samples.npz.");
        }

        Dataset data = Read(work, role, model);
        return data.Take(Math.Min(data.Count, work.Spec.Options.Samples ?? DefaultSamples));
    }

    private static string? Layout(JobWork work, ImportedModel model, Dataset data)
    {
        return work.Has(JobSpec.Data) && work.Has(JobSpec.Calibration) && model.Graph.Input.Order is null
            && data.Inputs.FirstOrDefault()?.Names.Contains(model.Graph.Input.Name) == true
            ? LayoutCheck.Warning(
                First(data), First(Read(work, JobSpec.Calibration, model)), model.Graph.Input.Rows, model.Graph.Input.Columns)
            : null;

        ReadOnlyMemory<float>[] First(Dataset set) => [.. set.Inputs.Select(s => s[model.Graph.Input.Name])];
    }

    private static Dataset Read(JobWork work, string role, ImportedModel model)
    {
        string name = work.NameOf(role);
        return Dataset.Parse(work.Read(role), Path.GetFileNameWithoutExtension(name), name, model.Graph);
    }
}
