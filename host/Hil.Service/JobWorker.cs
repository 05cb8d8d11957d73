using System.Collections.Concurrent;
using Hil.Contract;
using Hil.Jobs;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;
using Hil.Service.Queue;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hil.Service;

/// <summary>Takes jobs from the queue and runs them, some at a time, until the service stops.</summary>
public sealed class JobWorker(
    JobQueue queue, IJobRunner runner, ObjectStore store, ServiceOptions options, ILogger<JobWorker> log)
    : BackgroundService
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new();

    /// <summary>Stops a job, whether it waits or runs.</summary>
    public void Cancel(string id)
    {
        queue.Cancel(id);
        if (_running.TryGetValue(id, out CancellationTokenSource? source))
        {
            source.Cancel();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stopping)
    {
        // Off the thread that starts the host.
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            // Before the look into the queue, so that a job accepted just after the look is not slept through.
            Task change = queue.NextChange;
            if (queue.Claim() is { } job)
            {
                await RunAsync(job, stopping);
            }
            else
            {
                await change.WaitAsync(stopping);
            }
        }
    }

    private async Task RunAsync(QueuedJob job, CancellationToken stopping)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _running[job.Id] = source;
        try
        {
            // A cancellation may have come between the claim and the line above.
            if (queue.Find(job.Id)!.CancelRequested)
            {
                await source.CancelAsync();
            }

            log.LogInformation("job {Id} starts, attempt {Attempt}", job.Id, job.Attempt);
            JobOutcome outcome = await runner.RunAsync(
                job.Spec, new StoredInputs(store), new QueueProgress(queue, job.Id), source.Token);
            Finish(job, outcome.Error is null ? JobState.Done : JobState.Failed, outcome);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            queue.GiveBack(job);
        }
        catch (OperationCanceledException)
        {
            Finish(job, JobState.Cancelled, Without(job, ExitKind.Usage, "it was cancelled.", "Start it again."));
        }
        catch (Exception e)
        {
            log.LogError(e, "job {Id} broke", job.Id);
            Finish(job, JobState.Failed, Without(job, ExitKind.Device,
                $"internal error: {e.Message} ({e.GetType().Name})", "See the log of the service, and report it."));
        }
        finally
        {
            _running.TryRemove(job.Id, out _);
        }
    }

    private void Finish(QueuedJob job, JobState state, JobOutcome outcome)
    {
        bool recorded = queue.Finish(job, state, outcome);
        log.LogInformation("job {Id} ended: {State}, exit {Exit}, recorded {Recorded}",
            job.Id, state, (int)outcome.Exit, recorded);
    }

    private static JobOutcome Without(QueuedJob job, ExitKind kind, string what, string whatToDo) =>
        new(kind, new Manifest(Manifest.CurrentSchema, job.Spec.Hash(), []),
            new JobError(kind, what, "job", whatToDo));

    private sealed class StoredInputs(ObjectStore store) : IJobInputs
    {
        public byte[] Read(InputReference input) => File.ReadAllBytes(store.PathOf(input.Sha256));
    }

    private sealed class QueueProgress(JobQueue queue, string id) : IProgress<JobEvent>
    {
        private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);

        private readonly Lock _gate = new();
        private string _step = "";
        private long _last;

        public void Report(JobEvent value)
        {
            lock (_gate)
            {
                Record(value);
            }
        }

        private void Record(JobEvent value)
        {
            // Every step is recorded; what happens within one, a few times a second at most.
            if (value.Step == _step && TimeProvider.System.GetElapsedTime(_last) < Shortest)
            {
                return;
            }

            (_step, _last) = (value.Step, TimeProvider.System.GetTimestamp());
            queue.Append(id, value);
        }
    }
}
