using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Jobs.Specs;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Quality;
using Hil.Reconcile;

namespace Hil.Jobs.Steps;

/// <summary>
/// The whole loop: import, prune, quantize, compile, predict, run, quality, reconcile; or from a program on. With a baseline,
/// or where the job prunes, the other model goes through the same loop first and the report compares them.
/// </summary>
public sealed class RunPipeline(ProgramSteps steps) : IPipeline
{
    public const string Schema = "hil.run/1";

    /// <summary>What goes through the loop.</summary>
    /// <param name="Compiled">Null where the job began with a program.</param>
    /// <param name="Onnx">The float reference; null without one.</param>
    private sealed record Subject(ProgramImage Program, Graph Graph, CompiledModel? Compiled, OnnxModel? Onnx, string Prefix);

    /// <summary>What came out of it.</summary>
    private sealed record Looped(
        Prediction Prediction, Measurement Measurement, ReconcileExtras Extras, JsonObject? Quality, Subject Subject, Probed? Probed);

    /// <inheritdoc/>
    public async Task<ExitKind> RunAsync(JobWork work)
    {
        Machine machine = ProgramSteps.Machine(work);
        // Side by side: compiling is the longest step, and takes one core.
        Task<Looped> ownTask = Task.Run(() => OwnAsync(work, machine), work.Cancel);
        Task<Looped?> baselineTask = Task.Run(() => BaselineAsync(work, machine), work.Cancel);
        await Task.WhenAll((Task)ownTask, baselineTask);
        Looped looped = await ownTask;
        Subject own = looped.Subject;
        var more = new JsonObject
        {
            ["quality"] = looped.Quality,
            ["warnings"] = Describe.Warnings(own.Compiled?.Quantized),
            ["memories"] = Describe.Fit(own.Compiled?.Compiled.Memories ?? []),
            ["pruned"] = Describe.Pruned(own.Compiled?.Model.Pruned ?? []),
            ["hostOperators"] = Describe.HostNodes(own.Graph),
        };
        Describe.Probed(more, looped.Probed);
        ReconcileExtras extras = looped.Extras with { Gates = Conclusion.Gates(work) };
        if (await baselineTask is { } baseline)
        {
            Reconciliation other = Reconciler.Reconcile(baseline.Prediction, baseline.Measurement, baseline.Extras);
            extras = extras with
            {
                Comparison = new Comparison(baseline.Subject.Graph.Name, work.Has(JobSpec.Baseline) ? own.Graph.Name : "pruned", other),
            };
            more["baseline"] = Conclusion.Result(other, Schema, new JsonObject { ["quality"] = baseline.Quality });
        }

        return Conclusion.Write(work, looped.Prediction, looped.Measurement, Schema, extras, more);
    }

    private Task<Looped> OwnAsync(JobWork work, Machine machine) => LoopAsync(
        work,
        work.Has(JobSpec.Model) ? FromModel(ModelSteps.Compile(work, machine), "") : FromProgram(work),
        machine);

    private async Task<Looped?> BaselineAsync(JobWork work, Machine machine)
    {
        string? role = work.Has(JobSpec.Baseline) ? JobSpec.Baseline
            : work.Has(JobSpec.Model) && work.Spec.Options.PruneBlocks > 0 ? JobSpec.Model
            : null;
        if (role is null)
        {
            return null;
        }

        CompiledModel compiled =
            ModelSteps.Compile(work, ModelSteps.Import(work, role), machine, ArtefactNames.BaselinePrefix);
        return await LoopAsync(work, FromModel(compiled, ArtefactNames.BaselinePrefix), machine);
    }

    private static Subject FromModel(CompiledModel compiled, string prefix) =>
        new(compiled.Compiled.Program, compiled.Model.Graph, compiled, compiled.Model.Onnx, prefix);

    private static Subject FromProgram(JobWork work)
    {
        ProgramImage program = ProgramFile.Read(work.Read(JobSpec.Program), work.NameOf(JobSpec.Program));
        OnnxModel? onnx = work.Has(JobSpec.Reference) ? ModelSteps.Read(work, JobSpec.Reference, JobSpec.Data) : null;
        return onnx is not null && program.Metadata.GetValueOrDefault("modelHash") != onnx.Hash
            ? throw new HilException(ExitKind.IdentityMismatch, "the program was compiled from another model.",
                work.NameOf(JobSpec.Reference), "Give the model it was compiled from.")
            : new Subject(program, QualityStep.GraphOf(program) with { ModelInputs = onnx?.Inputs ?? [] }, null, onnx, "");
    }

    private async Task<Looped> LoopAsync(JobWork work, Subject subject, Machine machine)
    {
        BoundProgram bound = ProgramSteps.Bind(work, subject.Program, machine, subject.Prefix);
        Prediction prediction = ProgramSteps.Predict(work, bound);
        Dataset? data = Data(work, subject.Graph);
        if (data is not null)
        {
            QualityMeter.Require(
                work.Spec.Options.Metric, data, subject.Graph.Output, subject.Onnx is not null || !data.Logits.IsEmpty);
        }

        NoiseObserver? noise = data is null || subject.Compiled is null
            ? null
            : new NoiseObserver(subject.Compiled.Quantized.Graph);
        DeviceSample[] samples =
        [
            .. QualityStep.Given(subject.Onnx, subject.Graph, data?.Inputs ?? [ModelSample.Blank(subject.Graph)])
                .Select(given => PlacedSamples.Encode(subject.Program, given)),
        ];
        Execution execution = await steps.RunAsync(
            work, bound, samples, noise is null ? null : noise.Observe, NoiseObserver.Samples);

        var extras = new ReconcileExtras
        {
            Machine = machine,
            Fit = subject.Compiled is null ? [] : Fits.Of(subject.Compiled.Compiled),
        };
        if (data is null)
        {
            return new Looped(prediction, execution.Measurement, extras, null, subject, execution.Probed);
        }

        float[][] outputs = [.. execution.Outputs.Select(o => PlacedSamples.Decode(subject.Program, o))];
        IReadOnlyList<float[]>? reference = subject.Onnx is not null ? QualityStep.Reference(work, subject.Onnx, data)
            : data.Logits.IsEmpty ? null : [.. data.Logits.Select(l => l.ToArray())];
        QualityReport quality = await QualityStep.MeasureAsync(
            work, data, subject.Graph.Output, reference, outputs, subject.Prefix);
        extras = extras with
        {
            Quality = QualityStep.ForReport(quality),
            Noise = noise?.Report(subject.Onnx!, data) ?? [],
        };
        JsonObject shown = QualityStep.ForResult(quality, work.Hash(subject.Prefix + ArtefactNames.Outcomes));
        return new Looped(prediction, execution.Measurement, extras, shown, subject, execution.Probed);
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
