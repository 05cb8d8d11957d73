using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;
using Hil.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Hil.Cli.Tests;

public sealed class ServiceAndCommandGiveEqualArtefacts : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hil-equal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> ByCommand(JobKind kind, IReadOnlyDictionary<string, InputSource> inputs, JobOptions options)
    {
        var terminal = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, Interactive: false);
        FinishedJob job = await new JobSession(terminal, Path.Combine(_folder, "objects"))
            .RunAsync(LocalJob.Of(kind, inputs, options), CancellationToken.None);
        return job.Outcome.Manifest.Hash();
    }

    private async Task<string> ByService(params (string Name, string Value)[] fields)
    {
        await using WebApplication app = HilService.Build(
            ServiceOptions.In(Path.Combine(_folder, "service")) with { Port = 0 }, Pipelines.Runner);
        await app.StartAsync();
        using var client = new HttpClient
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features
                .Get<IServerAddressesFeature>()!.Addresses.Single()),
        };
        using var form = new MultipartFormDataContent();
        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        HttpResponseMessage answer = await client.PostAsync("/jobs", form);
        string id = (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
        // The stream ends with the job.
        await client.GetStringAsync($"/jobs/{id}/events");
        return (string)(await client.GetFromJsonAsync<JsonNode>($"/jobs/{id}"))!["manifestHash"]!;
    }

    [Fact]
    public async Task For_a_product() => Assert.Equal(
        await ByCommand(JobKind.Gemm,
            new Dictionary<string, InputSource> { [JobSpec.Machine] = InputSource.FromMachine("icebreaker") },
            JobOptions.Default with { Gemm = new GemmShape(16, 16, 16, 0.5) }),
        await ByService(("m", "16"), ("k", "16"), ("n", "16"), ("sparsity", "0.5")));

    [Fact]
    public async Task For_the_bundled_model() => Assert.Equal(
        await ByCommand(JobKind.Run, RunInputs.Of("spoken-digits", null, null, "icebreaker"), JobOptions.Default with { Samples = 2 }),
        await ByService(("model", "spoken-digits"), ("machine", "icebreaker"), ("samples", "2")));
}
