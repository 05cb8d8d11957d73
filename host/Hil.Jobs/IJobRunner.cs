using Hil.Jobs.Specs;

namespace Hil.Jobs;

/// <summary>Where the files of a job's inputs lie.</summary>
public interface IJobInputs
{
    /// <summary>A readable path of the input with this hash.</summary>
    string PathOf(InputReference input);
}

/// <summary>Runs jobs; the same specification gives the same artefacts every time.</summary>
public interface IJobRunner
{
    /// <summary>Runs to the end; user errors are outcomes, a cancellation is an <see cref="OperationCanceledException"/>.</summary>
    Task<JobOutcome> RunAsync(
        JobSpec spec, IJobInputs inputs, IProgress<JobEvent> progress, CancellationToken cancel);
}
