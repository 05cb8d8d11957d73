using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Cli.Tests.Strangers;
using Hil.Contract.Machines;
using Hil.Jobs;
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

    private Task<string> ByCommand(JobKind kind, IReadOnlyDictionary<string, InputSource> inputs, JobOptions options) =>
        ByCommand(LocalJob.Of(kind, inputs, options));

    private async Task<string> ByCommand(LocalJob job)
    {
        var terminal = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, Interactive: false);
        FinishedJob finished = await new JobSession(terminal, Path.Combine(_folder, "objects"))
            .RunAsync(job, CancellationToken.None);
        return finished.Outcome.Manifest.Hash();
    }

    private Task<string> ByService(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        return ByService(form);
    }

    private async Task<string> ByService(HttpContent body)
    {
        using HttpContent disposed = body;
        await using WebApplication app = HilService.Build(
            ServiceOptions.In(Path.Combine(_folder, "service")) with { Port = 0 }, Pipelines.Runner);
        await app.StartAsync();
        using var client = new HttpClient
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features
                .Get<IServerAddressesFeature>()!.Addresses.Single()),
        };
        HttpResponseMessage answer = await client.PostAsync("/jobs", body);
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

    /// <summary>With files beside it under other folders than the service's, and a machine file in another spelling.</summary>
    [Fact]
    public async Task For_a_project_with_its_files()
    {
        BundledModel model = BundledModel.SpokenDigits.Present();
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "project")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        File.Copy(model.Model, Path.Combine(folder, "digits.onnx"));
        File.Copy(model.Data, Path.Combine(folder, "data", "eval.npz"));
        File.Copy(model.Calibration, Path.Combine(folder, "data", "calib.npz"));
        File.WriteAllText(Path.Combine(folder, "mine.json"),
            Encoding.UTF8.GetString(MachineFile.Write(MachineFile.Bundled("icebreaker"))).ReplaceLineEndings("\r\n"));
        const string Project = """
            {
              "schema": "hil.project/1", "model": "digits.onnx", "data": "data/eval.npz", "calib": "data/calib.npz",
              "machine": "mine.json", "samples": 2, "metric": "wer", "gates": { "minAgreement": 0.9 }
            }
            """;
        LocalJob job = ProjectFile.Parse(Encoding.UTF8.GetBytes(Project), "hil.json").ToJob(folder);
        var form = new MultipartFormDataContent { { new StringContent(Project), "project", "hil.json" } };
        foreach ((string role, string path) in new[] { ("model", "digits.onnx"), ("data", "data/eval.npz"), ("calib", "data/calib.npz"), ("machine", "mine.json") })
        {
            form.Add(new ByteArrayContent(File.ReadAllBytes(Path.Combine(folder, path))), role, Path.GetFileName(path));
        }

        Assert.Equal(await ByCommand(job), await ByService(form));
    }

    /// <summary>Bound by a field, by a project that is uploaded, and by the project of a folder.</summary>
    [Fact]
    public async Task For_a_model_whose_dimensions_are_bound()
    {
        string model = Path.Combine(AppContext.BaseDirectory, "exports", "tokens_lowest.onnx");
        string data = RandomSamples.Write(Path.Combine(_folder, "data.npz"), model, isSymbolic: true);
        string project = $$"""
            { "schema": "hil.project/1", "model": "{{Path.GetRelativePath(_folder, model).Replace('\\', '/')}}", "data": "data.npz", "calib": "data.npz",
              "samples": 2, "bind": { "seq": 10 } }
            """;
        string expected = await ByCommand(ProjectFile.Parse(Encoding.UTF8.GetBytes(project), "hil.json").ToJob(_folder));
        MultipartFormDataContent WithFiles(params (string Name, HttpContent Value, string? File)[] more)
        {
            var form = new MultipartFormDataContent();
            foreach ((string role, string path) in new[] { ("model", model), ("data", data), ("calib", data) })
            {
                form.Add(new ByteArrayContent(File.ReadAllBytes(path)), role, Path.GetFileName(path));
            }

            foreach ((string name, HttpContent value, string? file) in more)
            {
                if (file is null) form.Add(value, name);
                else form.Add(value, name, file);
            }

            return form;
        }

        Assert.Equal(expected, await ByService(WithFiles(("samples", new StringContent("2"), null), ("bind", new StringContent(RandomSamples.Bind), null))));
        Assert.Equal(expected, await ByService(WithFiles(("project", new StringContent(project), "hil.json"))));
    }

    [Fact]
    public void Bound_in_any_order()
    {
        Assert.Equal(Spec("batch=1,seq=64").Hash(), Spec("seq=64,batch=1").Hash());
        Assert.NotEqual(Spec("batch=1,seq=64").Hash(), Spec("batch=1,seq=65").Hash());

        static JobSpec Spec(string bind) => LocalJob.Of(
            JobKind.Run, RunInputs.Of("spoken-digits", null, null, "icebreaker"), JobOptions.Default with { Bind = Bindings.Parse(bind, out _) }).Spec;
    }

    [Fact]
    public async Task For_a_project_that_names_no_file()
    {
        const string Project = """{ "schema": "hil.project/1", "model": "spoken-digits", "samples": 1 }""";
        Assert.Equal(
            await ByCommand(ProjectFile.Parse(Encoding.UTF8.GetBytes(Project), "hil.json").ToJob(_folder)),
            await ByService(new StringContent(Project, Encoding.UTF8, "application/json")));
    }

    [Fact]
    public async Task For_the_bundled_model() => Assert.Equal(
        await ByCommand(JobKind.Run, RunInputs.Of("spoken-digits", null, null, "icebreaker"), JobOptions.Default with { Samples = 2 }),
        await ByService(("model", "spoken-digits"), ("machine", "icebreaker"), ("samples", "2")));
}
