using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Jobs;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;

namespace Hil.Cli.Jobs;

/// <summary>Runs jobs in this process, with progress on the terminal.</summary>
internal sealed class JobSession(Terminal terminal, string? storeFolder = null)
{
    private readonly ObjectStore _store = new(storeFolder ?? UserFolders.Store);

    /// <param name="files">Artefacts that are written to files if the job makes them, also where it ends with an error.</param>
    /// <exception cref="HilException">The job's own error.</exception>
    public async Task<FinishedJob> RunAsync(
        LocalJob job, CancellationToken cancel, IReadOnlyList<(string Artefact, string Path)>? files = null)
    {
        using var progress = new ProgressPrinter(terminal);
        JobOutcome outcome = await Pipelines.Runner(_store)
            .RunAsync(job.Spec, job, progress, cancel);
        var finished = new FinishedJob(outcome, _store);
        foreach ((string artefact, string path) in files ?? [])
        {
            if (outcome.Manifest[artefact] is null) continue;
            finished.Export(artefact, path);
            terminal.Progress($"wrote {path}");
        }

        return outcome.Error is { } e ? throw new HilException(e.Kind, e.What, e.Where, e.WhatToDo) : finished;
    }
}

/// <summary>A job that ended without an error, with what it made.</summary>
internal sealed record FinishedJob(JobOutcome Outcome, ObjectStore Store)
{
    public byte[] Read(string artefact) => File.ReadAllBytes(PathOf(artefact));

    public JsonObject Result => JsonNode.Parse(Read(ArtefactNames.Result))!.AsObject();

    /// <summary>Copies an artefact to where the user wants it.</summary>
    public void Export(string artefact, string path) => AtomicFile.Write(path, Read(artefact));

    public string PathOf(string artefact) => Store.PathOf(
        (Outcome.Manifest[artefact] ?? throw new InvalidOperationException($"The job made no {artefact}.")).Sha256);
}
