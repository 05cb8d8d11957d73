using Hil.Contract;
using Hil.Jobs;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;
using Hil.Service.Queue;

namespace Hil.Service.Api;

/// <summary>A job as the API shows it.</summary>
public sealed record JobView(
    string Schema,
    string Id,
    JobState State,
    string SpecHash,
    JobKind Kind,
    string Model,
    string Machine,
    string Device,
    int Attempt,
    DateTimeOffset Accepted,
    DateTimeOffset? Started,
    DateTimeOffset? Finished,
    int? ExitCode,
    JobError? Error,
    string? ManifestHash,
    IReadOnlyList<Artefact> Artefacts)
{
    public const string CurrentSchema = "hil.service.job/1";

    public static JobView Of(QueuedJob job)
    {
        JobSpec spec = job.Spec;
        InputReference? model = spec.Inputs.GetValueOrDefault(JobSpec.Model)
            ?? spec.Inputs.GetValueOrDefault(JobSpec.Program);
        string name = model?.Name
            ?? (spec.Options.Gemm is { } g ? $"product {g.M} × {g.K} × {g.N}" : "");
        return new JobView(
            CurrentSchema, job.Id, job.State, spec.Hash(), spec.Kind, name,
            Path.GetFileNameWithoutExtension(spec.Inputs[JobSpec.Machine].Name), spec.Options.Device, job.Attempt,
            job.Accepted, job.Started, job.Finished, (int?)job.Outcome?.Exit, job.Outcome?.Error,
            job.Outcome?.Error is null ? job.Outcome?.Manifest.Hash() : null, job.Outcome?.Manifest.Artefacts ?? []);
    }
}

/// <summary>An error as the API shows it; the kind is the exit code that the command line would give.</summary>
public sealed record ErrorView(string Schema, ExitKind Kind, string What, string Where, string WhatToDo)
{
    public static ErrorView Of(HilException e) => new("hil.error/1", e.Kind, e.What, e.Where, e.WhatToDo);
}
