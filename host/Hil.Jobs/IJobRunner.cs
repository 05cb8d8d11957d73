using Hil.Jobs.Specs;

namespace Hil.Jobs;

/// <summary>The contents of a job's inputs.</summary>
public interface IJobInputs
{
    byte[] Read(InputReference input);
}

/// <summary>Runs jobs; the same specification gives the same artefacts every time.</summary>
public interface IJobRunner
{
    /// <summary>Runs to the end; user errors are outcomes, a cancellation is an <see cref="OperationCanceledException"/>.</summary>
    Task<JobOutcome> RunAsync(
        JobSpec spec, IJobInputs inputs, IProgress<JobEvent> progress, CancellationToken cancel);
}
