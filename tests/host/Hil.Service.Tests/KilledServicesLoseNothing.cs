using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Hil.Service.Tests;

/// <summary>The real program, killed as `kill -9` kills, while it accepts and runs real jobs.</summary>
public sealed class KilledServicesLoseNothing : IDisposable
{
    private const int Kills = 20;
    private const int JobsALife = 3;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("hil-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_accepted_job_ends_with_exactly_one_result_after_twenty_kills()
    {
        var random = new Random(1);
        var accepted = new List<string>();
        for (int life = 0; life < Kills; life++)
        {
            using Life service = await Life.StartAsync(_folder);
            for (int j = 0; j < JobsALife; j++)
            {
                // The key is sent again when the answer was lost: the job must not be there twice.
                accepted.Add(await service.PostAsync(16 + random.Next(4) * 16, $"life-{life}-{j}"));
            }

            await Task.Delay(random.Next(150));
            service.Kill();
        }

        using Life last = await Life.StartAsync(_folder);
        JsonNode[] jobs = await last.AllEndedAsync(accepted.Count, EndLimit);
        Assert.Equal(accepted.Order(), jobs.Select(j => (string)j["id"]!).Order());
        Assert.All(jobs, job =>
        {
            Assert.Equal(("done", 0), ((string)job["state"]!, (int)job["exitCode"]!));
            Assert.NotNull((string?)job["manifestHash"]);
        });
        // Equal jobs, equal results, whichever life ran them.
        Assert.All(jobs.GroupBy(j => (string)j["specHash"]!),
            equal => Assert.Single(equal.Select(j => (string)j["manifestHash"]!).Distinct()));
        Assert.Contains(jobs, j => (int)j["attempt"]! > 1);
    }

    /// <summary>One life of the service, in a process of its own.</summary>
    private sealed class Life : IDisposable
    {
        private readonly Process _process;
        private readonly HttpClient _client;

        private Life(Process process, string address) =>
            (_process, _client) = (process, new HttpClient { BaseAddress = new Uri(address) });

        public static async Task<Life> StartAsync(string folder)
        {
            string program = Path.Combine(AppContext.BaseDirectory, "hil.dll");
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("HIL_DOTNET") ?? "dotnet",
                [program, "serve", "--port", "0", "--data", folder])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            Process process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string? address = await process.StandardOutput.ReadLineAsync().WaitAsync(StartLimit);
            return new Life(process, address ?? throw new InvalidOperationException("The service did not start."));
        }

        public async Task<string> PostAsync(int size, string key)
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent($"{size}"), "m" },
                { new StringContent("32"), "k" },
                { new StringContent("32"), "n" },
            };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/jobs") { Content = form };
            request.Headers.Add("Idempotency-Key", key);
            HttpResponseMessage answer = await _client.SendAsync(request);
            Assert.Equal(202, (int)answer.StatusCode);
            return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
        }

        public async Task<JsonNode[]> AllEndedAsync(int count, TimeSpan limit)
        {
            var clock = Stopwatch.StartNew();
            while (true)
            {
                JsonNode[] jobs = [.. (await _client.GetFromJsonAsync<JsonNode>("/jobs"))!["jobs"]!.AsArray().Select(j => j!)];
                if (jobs.Length >= count && jobs.All(j => (string)j["state"]! is "done" or "failed" or "cancelled"))
                {
                    return jobs;
                }

                Assert.True(clock.Elapsed < limit, "The jobs did not end in time.");
                await Task.Delay(100);
            }
        }

        public void Kill()
        {
            // SIGKILL on Unix, TerminateProcess on Windows: nothing is cleaned up.
            _process.Kill();
            _process.WaitForExit();
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                Kill();
            }

            _client.Dispose();
            _process.Dispose();
        }
    }
}
