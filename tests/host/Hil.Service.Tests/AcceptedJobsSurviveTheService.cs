using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Jobs;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;
using Hil.Service.Queue;

namespace Hil.Service.Tests;

public sealed class AcceptedJobsSurviveTheService : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hil-queue-").FullName;

    private static readonly JobSpec Spec = new(JobSpec.CurrentSchema, JobKind.Gemm, new Dictionary<string, InputReference>
    {
        [JobSpec.Machine] = new("icebreaker.json", new string('0', 64)),
    }, JobOptions.Default with { Gemm = new GemmShape(4, 4, 4, 0) });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private JobQueue Open() => new(_folder, TimeProvider.System);

    private static JobOutcome Outcome(string note) => new(ExitKind.Done,
        new Manifest(Manifest.CurrentSchema, Spec.Hash(), [new Artefact(note, new string('1', 64), 1)]), null);

    [Fact]
    public void A_job_that_was_running_waits_again_when_the_queue_is_opened_again()
    {
        string id;
        using (JobQueue queue = Open())
        {
            id = queue.Accept(Spec, null).Id;
            Assert.Equal(1, queue.Claim()!.Attempt);
        }

        using JobQueue again = Open();
        Assert.Equal(JobState.Queued, again.Find(id)!.State);
        Assert.Equal(2, again.Claim()!.Attempt);
    }

    [Fact]
    public void Jobs_are_run_in_the_order_in_which_they_were_accepted()
    {
        using JobQueue queue = Open();
        string[] ids = [.. Enumerable.Range(0, 5).Select(_ => queue.Accept(Spec, null).Id)];
        Assert.Equal(ids, ids.Select(_ => queue.Claim()!.Id).ToArray());
        Assert.Null(queue.Claim());
    }

    [Fact]
    public void Only_the_first_outcome_of_a_job_is_recorded()
    {
        using JobQueue queue = Open();
        queue.Accept(Spec, null);
        QueuedJob job = queue.Claim()!;
        Assert.True(queue.Finish(job, JobState.Done, Outcome("first")));
        Assert.False(queue.Finish(job, JobState.Done, Outcome("second")));
        Assert.Equal("first", queue.Find(job.Id)!.Outcome!.Manifest.Artefacts[0].Name);
    }

    [Fact]
    public void An_attempt_of_an_earlier_life_cannot_finish_the_job()
    {
        QueuedJob old;
        using (JobQueue queue = Open())
        {
            queue.Accept(Spec, null);
            old = queue.Claim()!;
        }

        using JobQueue again = Open();
        QueuedJob current = again.Claim()!;
        Assert.False(again.Finish(old, JobState.Done, Outcome("old")));
        Assert.True(again.Finish(current, JobState.Done, Outcome("current")));
        Assert.Equal("current", again.Find(old.Id)!.Outcome!.Manifest.Artefacts[0].Name);
    }

    [Fact]
    public void A_job_that_seems_to_kill_the_service_fails_in_the_end()
    {
        string id;
        using (JobQueue queue = Open())
        {
            id = queue.Accept(Spec, null).Id;
        }

        for (int life = 0; life < JobQueue.MaxAttempts; life++)
        {
            using JobQueue queue = Open();
            Assert.Equal(id, queue.Claim()!.Id);
        }

        using JobQueue last = Open();
        Assert.Equal((JobState.Failed, ExitKind.Device), (last.Find(id)!.State, last.Find(id)!.Outcome!.Exit));
    }

    [Fact]
    public void A_second_service_over_the_same_folder_is_refused()
    {
        using JobQueue queue = Open();
        Assert.Equal(ExitKind.Device, Assert.Throws<HilException>(Open).Kind);
    }

    [Fact]
    public void A_job_given_back_at_a_stop_does_not_count_as_an_attempt()
    {
        using JobQueue queue = Open();
        queue.Accept(Spec, null);
        queue.GiveBack(queue.Claim()!);
        Assert.Equal(1, queue.Claim()!.Attempt);
    }

    [Fact]
    public async Task A_job_under_way_at_a_stop_is_run_again_by_the_next_service()
    {
        string id;
        await using (RunningService first = await RunningService.StartAsync(async work =>
        {
            await Task.Delay(Timeout.Infinite, work.Cancel);
            return ExitKind.Done;
        }, _folder))
        {
            id = await first.PostAsync(RunningService.Form());
            await first.WaitAsync(id, "running");
        }

        await using RunningService second = await RunningService.StartAsync(_ => Task.FromResult(ExitKind.Done), _folder);
        Assert.Equal("done", (string)(await second.EndOf(id))["state"]!);
    }
}
