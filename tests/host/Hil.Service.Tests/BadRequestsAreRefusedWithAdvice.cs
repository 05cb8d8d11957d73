using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Jobs.Specs;

namespace Hil.Service.Tests;

public sealed class BadRequestsAreRefusedWithAdvice
{
    private static Task<RunningService> Service() => RunningService.StartAsync(_ => Task.FromResult(ExitKind.Done));

    private static async Task Refused(HttpContent content, string namedInTheError)
    {
        await using RunningService service = await Service();
        HttpResponseMessage answer = await service.Client.PostAsync("/jobs", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        JsonNode error = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal("badInput", (string)error["kind"]!);
        Assert.Contains(namedInTheError, error.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty((await service.GetAsync("/jobs"))["jobs"]!.AsArray());
    }

    [Theory]
    [InlineData("samples", "0")]
    [InlineData("samples", "many")]
    [InlineData("pruneBlocks", "1.5")]
    [InlineData("machine", "toaster")]
    [InlineData("device", "toaster")]
    [InlineData("model", "no-such-model")]
    [InlineData("surprise", "1")]
    [InlineData("m", "3")]
    public Task A_field_that_is_wrong(string name, string value) =>
        Refused(RunningService.Form("m", (name, value)), name == "model" ? "no-such-model" : name);

    [Theory]
    [InlineData("\"model\": \"m.onnx\"", "m.onnx")]
    [InlineData("\"model\": \"..\"", "names no file")]
    [InlineData("\"model\": \"/etc/hostname\"", "hostname")]
    [InlineData("\"model\": \"spoken-digits\", \"machine\": \"toaster\"", "toaster")]
    [InlineData("\"model\": \"spoken-digits\", \"machine\": \"/etc/hostname\"", "hostname")]
    [InlineData("\"model\": \"spoken-digits\", \"metricCommand\": \"touch x\"", "metricCommand")]
    [InlineData("\"model\": \"spoken-digits\", \"surprise\": 1", "surprise")]
    public Task A_project_that_is_wrong_or_without_its_files(string keys, string named) => Refused(
        new StringContent($$"""{ "schema": "hil.project/1", {{keys}} }""", System.Text.Encoding.UTF8, "application/json"), named);

    [Fact]
    public Task A_project_without_a_schema() => Refused(new StringContent("{}", System.Text.Encoding.UTF8, "application/json"), "schema");

    [Fact]
    public Task A_file_that_the_project_does_not_name() => Refused(
        new MultipartFormDataContent
        {
            { new StringContent("""{ "schema": "hil.project/1", "model": "spoken-digits" }"""), "project", "hil.json" },
            { new StringContent("data"), "data", "eval.npz" },
        },
        "does not name");

    [Fact]
    public async Task But_a_browsers_file_that_was_not_chosen_is_none()
    {
        await using RunningService service = await Service();
        string id = await service.PostAsync(RunningService.Form("m", (JobSpec.Calibration, ""), (JobSpec.Data, "")));
        Assert.Equal("done", (string)(await service.EndOf(id))["state"]!);
    }

    [Fact]
    public Task A_machine_file_that_is_wrong() => Refused(RunningService.WithMachine("{}"u8.ToArray()), "mine.json");

    [Fact]
    public Task A_body_that_is_no_form() => Refused(new StringContent("hello"), "multipart/form-data");

    [Fact]
    public Task A_form_that_breaks_off()
    {
        var body = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=\"model\"; filename=\"m.onnx\"\r\n\r\nand no"u8.ToArray());
        body.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        return Refused(body, "breaks off");
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData("multipart/form-data; boundary=x")]
    public Task A_body_of_another_kind_than_it_says(string type)
    {
        var body = new ByteArrayContent("{}"u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        return Refused(body, "request");
    }

    [Fact]
    public Task A_job_without_a_model() =>
        Refused(new MultipartFormDataContent { { new StringContent("3"), "samples" } }, "model");

    [Fact]
    public async Task An_upload_over_the_limit()
    {
        await using RunningService service =
            await RunningService.StartAsync(_ => Task.FromResult(ExitKind.Done), maxUploadBytes: 10_000);
        HttpResponseMessage answer = await service.Client.PostAsync("/jobs", RunningService.Form(new string('x', 20_000)));
        Assert.True((int)answer.StatusCode is 400 or 413, answer.StatusCode.ToString());
        Assert.Empty((await service.GetAsync("/jobs"))["jobs"]!.AsArray());
    }

    [Fact]
    public async Task A_name_that_is_not_this_machines()
    {
        await using RunningService service = await Service();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/jobs");
        request.Headers.Host = "rebound.example:80";
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_form_on_another_site()
    {
        await using RunningService service = await Service();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/jobs") { Content = RunningService.Form() };
        request.Headers.Add("Origin", "https://elsewhere.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Client.SendAsync(request)).StatusCode);
    }
}
