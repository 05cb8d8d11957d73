using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Jobs;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Hil.Service.Tests;

/// <summary>The service on a free port over a temporary folder, with a runner that does what the test says.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsFolder;

    private RunningService(WebApplication app, string folder, bool ownsFolder)
    {
        (_app, Folder, _ownsFolder) = (app, folder, ownsFolder);
        string address = app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public string Folder { get; }

    public HttpClient Client { get; }

    public static async Task<RunningService> StartAsync(
        Func<JobWork, Task<ExitKind>> pipeline, string? folder = null, long maxUploadBytes = 1 << 20)
    {
        string data = folder ?? Directory.CreateTempSubdirectory("hil-service-").FullName;
        WebApplication app = HilService.Build(
            new ServiceOptions(data, Port: 0, Workers: 1, maxUploadBytes),
            store => new JobRunner(store, new Dictionary<JobKind, IPipeline>
            {
                [JobKind.Run] = new ScriptedPipeline(pipeline),
                [JobKind.Gemm] = new ScriptedPipeline(pipeline),
            }));
        await app.StartAsync();
        return new RunningService(app, data, folder is null);
    }

    public static MultipartFormDataContent Form(string model = "model", params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Encoding.UTF8.GetBytes(model)), "model", "m.onnx" },
        };
        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        return form;
    }

    /// <summary>A form with a machine file, as it is.</summary>
    public static MultipartFormDataContent WithMachine(byte[] machine)
    {
        MultipartFormDataContent form = Form();
        form.Add(new ByteArrayContent(machine), "machine", "mine.json");
        return form;
    }

    public static byte[] MachineText => MachineFile.Write(MachineFile.Bundled("icebreaker"));

    public async Task<string> PostAsync(HttpContent form, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/jobs") { Content = form };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        HttpResponseMessage answer = await Client.SendAsync(request);
        Assert.Equal(202, (int)answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
    }

    public async Task<JsonNode> GetAsync(string path) => (await Client.GetFromJsonAsync<JsonNode>(path))!;

    /// <summary>The job once it is in one of these states.</summary>
    public async Task<JsonNode> WaitAsync(string id, params string[] states)
    {
        for (int i = 0; i < 400; i++)
        {
            JsonNode job = await GetAsync($"/jobs/{id}");
            if (states.Contains((string)job["state"]!))
            {
                return job;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException((await GetAsync($"/jobs/{id}")).ToJsonString());
    }

    public Task<JsonNode> EndOf(string id) => WaitAsync(id, "done", "failed", "cancelled");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private sealed class ScriptedPipeline(Func<JobWork, Task<ExitKind>> script) : IPipeline
    {
        public Task<ExitKind> RunAsync(JobWork work) => script(work);
    }
}
