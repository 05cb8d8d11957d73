using Hil.Contract;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;

namespace Hil.Jobs.Tests;

public sealed class RunnerTurnsErrorsIntoOutcomes : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private sealed class ScriptedPipeline(Func<JobWork, ExitKind> script) : IPipeline
    {
        public Task<ExitKind> RunAsync(JobWork work) => Task.FromResult(script(work));
    }

    private Task<JobOutcome> Run(Func<JobWork, ExitKind> script, Action<string>? afterMaking = null)
    {
        LocalJob job = LocalJob.Of(JobKind.Run, _folder.RunOf("model"), JobOptions.Default);
        afterMaking?.Invoke(Path.Combine(_folder.Path, "m.onnx"));
        var runner = new JobRunner(_folder.Store(),
            new Dictionary<JobKind, IPipeline> { [JobKind.Run] = new ScriptedPipeline(script) });
        return runner.RunAsync(job.Spec, job, new RecordedProgress(), CancellationToken.None);
    }

    [Fact]
    public async Task Equal_jobs_have_equal_manifests()
    {
        Func<JobWork, ExitKind> script = work =>
        {
            work.Add("b.txt", "two"u8);
            work.Add("a.txt", "one"u8);
            return ExitKind.Done;
        };
        Manifest first = (await Run(script)).Manifest;
        Assert.Equal(first.Hash(), (await Run(script)).Manifest.Hash());
        Assert.Equal(["a.txt", "b.txt"], first.Artefacts.Select(a => a.Name));
        Assert.Equal("one", File.ReadAllText(_folder.Store().PathOf(first["a.txt"]!.Sha256)));
    }

    [Fact]
    public async Task A_users_error_is_an_outcome_with_what_was_made_until_then()
    {
        JobOutcome outcome = await Run(work =>
        {
            work.Add("half.txt", "made"u8);
            throw new HilException(ExitKind.Unsupported, "no.", "m.onnx", "Try another.");
        });
        Assert.Equal(ExitKind.Unsupported, outcome.Exit);
        Assert.Equal("Try another.", outcome.Error!.WhatToDo);
        Assert.Equal(["half.txt"], outcome.Manifest.Artefacts.Select(a => a.Name));
    }

    [Fact]
    public async Task A_gate_that_fails_is_no_error() =>
        Assert.Null((await Run(_ => ExitKind.GateFailed)).Error);

    [Fact]
    public async Task An_input_that_changed_after_the_job_was_made_is_an_identity_mismatch()
    {
        JobOutcome outcome = await Run(
            work =>
            {
                work.Read(JobSpec.Model);
                return ExitKind.Done;
            },
            model => File.WriteAllText(model, "changed"));
        Assert.Equal(ExitKind.IdentityMismatch, outcome.Exit);
    }
}
