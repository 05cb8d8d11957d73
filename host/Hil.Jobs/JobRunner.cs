using Hil.Contract;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;

namespace Hil.Jobs;

/// <summary>The steps of one kind of job; returns whether its gates held.</summary>
public interface IPipeline
{
    Task<ExitKind> RunAsync(JobWork work);
}

/// <summary>Runs a job's pipeline and turns a user's error into an outcome.</summary>
public sealed class JobRunner(ObjectStore store, IReadOnlyDictionary<JobKind, IPipeline> pipelines) : IJobRunner
{
    /// <inheritdoc/>
    public async Task<JobOutcome> RunAsync(
        JobSpec spec, IJobInputs inputs, IProgress<JobEvent> progress, CancellationToken cancel)
    {
        var work = new JobWork(spec, inputs, store, progress, cancel);
        try
        {
            ExitKind exit = await pipelines[spec.Kind].RunAsync(work);
            Manifest manifest = work.ToManifest();
            store.Remember(manifest);
            return new JobOutcome(exit, manifest, null);
        }
        catch (HilException e)
        {
            return new JobOutcome(e.Kind, work.ToManifest(), JobError.From(e));
        }
    }
}
