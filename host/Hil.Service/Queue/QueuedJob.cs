using Hil.Jobs;
using Hil.Jobs.Specs;

namespace Hil.Service.Queue;

public enum JobState
{
    Queued,
    Running,

    /// <summary>Ended with all its artefacts; a gate may have failed.</summary>
    Done,

    /// <summary>Ended with an error.</summary>
    Failed,
    Cancelled,
}

/// <summary>One accepted job.</summary>
/// <param name="Attempt">How often it was started: more than once only where the service was killed.</param>
public sealed record QueuedJob(
    string Id,
    JobSpec Spec,
    JobState State,
    int Attempt,
    bool CancelRequested,
    DateTimeOffset Accepted,
    DateTimeOffset? Started,
    DateTimeOffset? Finished,
    JobOutcome? Outcome)
{
    public bool Ended => State is JobState.Done or JobState.Failed or JobState.Cancelled;
}

/// <summary>An event of a job with its number, from 1 upwards within the job.</summary>
public sealed record NumberedEvent(long Number, JobEvent Event);
