using System.Net;
using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Jobs;
using Hil.Jobs.Specs;

namespace Hil.Service.Tests;

public sealed class JobsAreAcceptedRunAndShown
{
    private static Task<ExitKind> WriteReport(JobWork work)
    {
        work.Report("one", "first");
        work.Report("two", "second");
        work.Add("report.html", "<p>it ran</p>"u8);
        work.Add("model.txt", work.Read(JobSpec.Model));
        return Task.FromResult(ExitKind.Done);
    }

    [Fact]
    public async Task An_uploaded_model_is_run_and_its_artefacts_can_be_fetched()
    {
        await using RunningService service = await RunningService.StartAsync(WriteReport);
        string id = await service.PostAsync(RunningService.Form("the model"));
        JsonNode job = await service.EndOf(id);
        Assert.Equal(("done", 0), ((string)job["state"]!, (int)job["exitCode"]!));
        Assert.Equal("the model", await service.Client.GetStringAsync($"/jobs/{id}/artefacts/model.txt"));
        HttpResponseMessage report = await service.Client.GetAsync($"/jobs/{id}/artefacts/report.html");
        Assert.Equal("text/html", report.Content.Headers.ContentType!.MediaType);
        Assert.Contains("sandbox", report.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_lists_jobs_and_links_their_reports()
    {
        await using RunningService service = await RunningService.StartAsync(WriteReport);
        string id = await service.PostAsync(RunningService.Form());
        await service.EndOf(id);
        string page = await service.Client.GetStringAsync("/");
        Assert.Contains($"href=\"/jobs/{id}/artefacts/report.html\"", page, StringComparison.Ordinal);
        Assert.Contains("m.onnx", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_does_not_show_a_failed_gate_as_a_success()
    {
        await using RunningService service = await RunningService.StartAsync(_ => Task.FromResult(ExitKind.GateFailed));
        await service.EndOf(await service.PostAsync(RunningService.Form()));
        string page = await service.Client.GetStringAsync("/");
        Assert.Contains("a gate failed", page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"state Done\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_event_stream_gives_each_step_in_order_and_then_the_end()
    {
        await using RunningService service = await RunningService.StartAsync(WriteReport);
        string id = await service.PostAsync(RunningService.Form());
        string stream = await service.Client.GetStringAsync($"/jobs/{id}/events");
        string[] kinds = [.. stream.Split('\n').Where(l => l.StartsWith("event: ", StringComparison.Ordinal))];
        Assert.Equal(["event: progress", "event: progress", "event: end"], kinds);
        Assert.True(stream.IndexOf("first", StringComparison.Ordinal) < stream.IndexOf("second", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_resumes_after_the_last_event_that_was_seen()
    {
        await using RunningService service = await RunningService.StartAsync(WriteReport);
        string id = await service.PostAsync(RunningService.Form());
        await service.EndOf(id);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/jobs/{id}/events");
        request.Headers.Add("Last-Event-ID", "1");
        string stream = await (await service.Client.SendAsync(request)).Content.ReadAsStringAsync();
        Assert.DoesNotContain("first", stream, StringComparison.Ordinal);
        Assert.Contains("second", stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_users_error_ends_the_job_with_its_exit_code_and_advice()
    {
        await using RunningService service = await RunningService.StartAsync(
            _ => throw new HilException(ExitKind.Unsupported, "no.", "m.onnx", "Try another."));
        JsonNode job = await service.EndOf(await service.PostAsync(RunningService.Form()));
        Assert.Equal(("failed", 3), ((string)job["state"]!, (int)job["exitCode"]!));
        Assert.Equal("Try another.", (string)job["error"]!["whatToDo"]!);
    }

    [Fact]
    public async Task A_broken_pipeline_fails_its_job_and_the_next_one_still_runs()
    {
        int calls = 0;
        await using RunningService service = await RunningService.StartAsync(work =>
            calls++ == 0 ? throw new InvalidOperationException("a bug") : WriteReport(work));
        Assert.Equal("failed", (string)(await service.EndOf(await service.PostAsync(RunningService.Form())))["state"]!);
        Assert.Equal("done", (string)(await service.EndOf(await service.PostAsync(RunningService.Form())))["state"]!);
    }

    [Fact]
    public async Task A_request_sent_again_under_its_key_is_no_second_job()
    {
        await using RunningService service = await RunningService.StartAsync(WriteReport);
        string first = await service.PostAsync(RunningService.Form(), "my-key");
        Assert.Equal(first, await service.PostAsync(RunningService.Form(), "my-key"));
        Assert.NotEqual(first, await service.PostAsync(RunningService.Form(), "another"));
    }

    [Fact]
    public async Task A_machine_is_the_same_job_by_name_and_by_file()
    {
        await using RunningService service = await RunningService.StartAsync(WriteReport);
        string byName = await service.PostAsync(RunningService.Form("m", ("machine", "icebreaker")));
        string byFile = await service.PostAsync(RunningService.WithMachine(RunningService.MachineText));
        Assert.NotEqual((string)(await service.EndOf(byName))["specHash"]!, (string)(await service.EndOf(byFile))["specHash"]!);
        string same = await service.PostAsync(RunningService.Form("model", ("machine", "icebreaker")));
        Assert.Equal((string)(await service.EndOf(same))["specHash"]!, (string)(await service.EndOf(byFile))["specHash"]!);
    }

    [Fact]
    public async Task A_running_job_can_be_cancelled_and_a_waiting_one_too()
    {
        await using RunningService service = await RunningService.StartAsync(async work =>
        {
            await Task.Delay(Timeout.Infinite, work.Cancel);
            return ExitKind.Done;
        });
        string running = await service.PostAsync(RunningService.Form());
        string waiting = await service.PostAsync(RunningService.Form());
        await service.WaitAsync(running, "running");
        await service.Client.DeleteAsync($"/jobs/{waiting}");
        Assert.Equal("cancelled", (string)(await service.GetAsync($"/jobs/{waiting}"))["state"]!);
        await service.Client.DeleteAsync($"/jobs/{running}");
        Assert.Equal("cancelled", (string)(await service.EndOf(running))["state"]!);
    }

    [Fact]
    public async Task Health_counts_the_jobs()
    {
        await using RunningService service = await RunningService.StartAsync(WriteReport);
        await service.EndOf(await service.PostAsync(RunningService.Form()));
        JsonNode health = await service.GetAsync("/health");
        Assert.Equal(("ok", 1), ((string)health["status"]!, (int)health["jobs"]!["Done"]!));
    }

    [Theory]
    [InlineData("/jobs/nosuch")]
    [InlineData("/jobs/nosuch/events")]
    [InlineData("/jobs/nosuch/artefacts")]
    [InlineData("/jobs/nosuch/artefacts/report.html")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        await using RunningService service = await RunningService.StartAsync(WriteReport);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetAsync(path)).StatusCode);
    }
}
