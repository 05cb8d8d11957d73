using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Jobs.Specs;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Quality;
using Hil.Reconcile;

namespace Hil.Jobs.Steps;

/// <summary>The whole loop: import, quantize, compile, predict, run, quality, reconcile; or from a program on.</summary>
public sealed class RunPipeline(ProgramSteps steps) : IPipeline
{
    public const string Schema = "hil.run/1";

    /// <inheritdoc/>
    public async Task<ExitKind> RunAsync(JobWork work)
    {
        Machine machine = ProgramSteps.Machine(work);
        CompiledModel? model = work.Has(JobSpec.Model) ? ModelSteps.Compile(work, machine) : null;
        ProgramImage program = model?.Compiled.Program
            ?? ProgramFile.Read(work.Read(JobSpec.Program), work.NameOf(JobSpec.Program));
        BoundProgram bound = ProgramSteps.Bind(work, program, machine);
        Prediction prediction = ProgramSteps.Predict(work, bound);

        Graph graph = model?.Model.Graph ?? QualityStep.GraphOf(program);
        Dataset? data = Data(work, graph);
        NoiseObserver? noise = model is null || data is null ? null : new NoiseObserver(model.Quantized.Graph);
        DeviceSample[] samples = data is null
            ? [PlacedSamples.Encode(program, new float[graph.Input.Count])]
            : [.. data.Inputs.Select(i => PlacedSamples.Encode(program, i))];
        Execution execution = await steps.RunAsync(
            work, bound, samples, noise is null ? null : noise.Observe, NoiseObserver.Samples);

        var more = new JsonObject { ["warnings"] = Describe.Warnings(model?.Quantized) };
        var extras = new ReconcileExtras
        {
            Machine = machine,
            Fit = model is null ? [] : Fits.Of(model.Compiled),
            Gates = Conclusion.Gates(work),
        };
        if (data is not null)
        {
            float[][] outputs = [.. execution.Outputs.Select(o => PlacedSamples.Decode(program, o))];
            IReadOnlyList<float[]>? reference = model is not null ? QualityStep.Reference(work, model.Model.Onnx, data)
                : data.Logits.IsEmpty ? null : [.. data.Logits.Select(l => l.ToArray())];
            QualityReport? quality = reference is null ? null
                : QualityMeter.Measure(data, graph.Output, reference, outputs);
            more["quality"] = QualityStep.ForResult(
                quality, quality ?? QualityMeter.Measure(data, graph.Output, outputs, outputs));
            work.Report("noise", "by layer");
            extras = extras with
            {
                Quality = quality is null ? null : QualityStep.ForReport(quality),
                Noise = noise?.Report(model!.Model.Onnx, data) ?? [],
            };
        }

        return Conclusion.Write(work, prediction, execution.Measurement, Schema, extras, more);
    }

    /// <summary>The samples to run, or null: then one sample of zeros gives the cycles, which do not depend on data.</summary>
    private static Dataset? Data(JobWork work, Graph graph)
    {
        if (!work.Has(JobSpec.Data))
        {
            return null;
        }

        string name = work.NameOf(JobSpec.Data);
        Dataset data = Dataset.Parse(work.Read(JobSpec.Data), Path.GetFileNameWithoutExtension(name), name, graph);
        return data.Take(work.Spec.Options.Samples ?? data.Count);
    }
}
