using System.Text.Json;
using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Quality;

namespace Hil.Jobs.Steps;

/// <summary>
/// A user's own metric: a command of the shell that is given two more arguments, an <c>.npz</c> to read (<c>outputs</c> [samples, rows, columns],
/// <c>float_outputs</c>, <c>labels</c>, <c>length</c>, those that there are) and a file to write: JSON or <c>.npz</c> with <c>device</c> and, where it can,
/// <c>float</c>, each one number or one a sample (then the metric is their mean, with an interval).
/// </summary>
internal sealed class MetricCommand(JobWork work, string command)
{
    private const string DefaultName = "command";
    private const int ShownLogCharacters = 400;

    private static readonly string[] Keys = ["name", "higherIsBetter", "float", "device"];

    /// <summary>Scores by side: one number, or one a sample.</summary>
    private sealed record Scores(string Name, bool HigherIsBetter, double[]? Float, double[] Device);

    /// <summary>The report with this metric as one more; it is the one to judge by unless the job names another.</summary>
    /// <exception cref="HilException">The command failed, took too long, or wrote something else than was asked for.</exception>
    public async Task<QualityReport> AddToAsync(
        QualityReport quality, Dataset data, Tensor output, IReadOnlyList<float[]>? reference, IReadOnlyList<float[]> outputs)
    {
        work.Report("metric", command);
        string folder = Directory.CreateTempSubdirectory("hil-metric-").FullName;
        try
        {
            string read = Path.Combine(folder, "outputs.npz");
            string written = Path.Combine(folder, "scores");
            File.WriteAllBytes(read, Inputs(data, output, reference, outputs));
            await RunAsync(read, written, Path.Combine(folder, "log"));
            Scores scores = Parse(File.ReadAllBytes(written));
            SampleOutcomes outcomes = Add(Add(quality.Outcomes, SampleOutcomes.DeviceScore, scores.Device), SampleOutcomes.FloatScore, scores.Float);
            (double? device, Interval? deviceInterval) = Value(outcomes, Side.Device, scores.Device);
            (double? floats, Interval? floatInterval) = Value(outcomes, Side.Float, scores.Float);
            var own = new MetricValue(scores.Name, "score", scores.HigherIsBetter, floats, floatInterval, device, deviceInterval);
            return quality with
            {
                Chosen = work.Spec.Options.Metric is null ? own : quality.Chosen,
                Metrics = [own, .. quality.Metrics],
                Outcomes = outcomes,
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Inputs(Dataset data, Tensor output, IReadOnlyList<float[]>? reference, IReadOnlyList<float[]> outputs)
    {
        int[] shape = [data.Count, output.Rows, output.Columns];
        var arrays = new List<NpyArray> { NpyArray.Of("outputs", shape, outputs.SelectMany(o => o).ToArray()) };
        if (reference is not null)
        {
            arrays.Add(NpyArray.Of("float_outputs", shape, reference.SelectMany(o => o).ToArray()));
        }

        if (!data.Labels.IsEmpty)
        {
            // As in the data: one a sample, or a row a sample padded with -1.
            int width = data.LabelsAreSequences ? Math.Max(1, data.Labels.Max(l => l.Length)) : 1;
            long[] labels = [.. data.Labels.SelectMany(l => Enumerable.Range(0, width).Select(i => i < l.Length ? (long)l[i] : -1))];
            arrays.Add(NpyArray.Of("labels", data.LabelsAreSequences ? [data.Count, width] : [data.Count], labels));
        }

        if (!data.Lengths.IsEmpty)
        {
            arrays.Add(NpyArray.Of("length", [data.Count], data.Lengths.Select(l => (long)l).ToArray()));
        }

        return NpzFile.Write(arrays);
    }

    private async Task RunAsync(string read, string written, string log)
    {
        (string shell, string[] arguments) = OperatingSystem.IsWindows()
            ? ("cmd.exe", new[] { "/d", "/c", Batch(Path.GetDirectoryName(read)!), read, written })
            : ("/bin/sh", ["-c", command + " \"$@\"", "sh", read, written]);
        TimeSpan limit = TimeSpan.FromSeconds(work.Spec.Options.MetricTimeoutSeconds);
        int? code = await ChildProcess.RunAsync(shell, arguments, Directory.GetCurrentDirectory(), log, null, limit, work.Cancel);
        if (code is null)
        {
            throw Bad($"it did not end within {limit.TotalSeconds:0} s.{Said(log)}", "Make it faster, or raise metricTimeoutSeconds.");
        }

        if (code != 0)
        {
            throw Bad($"it ended with code {code}.{Said(log)}", "Run it by hand with an .npz and a file to write.");
        }

        if (!File.Exists(written))
        {
            throw Bad($"it wrote nothing to its second argument.{Said(log)}", "Write JSON or .npz with 'device' there.");
        }
    }

    /// <summary>The command as a batch file, so that its own quotation marks stay what they are.</summary>
    private string Batch(string folder)
    {
        string path = Path.Combine(folder, "metric.cmd");
        File.WriteAllText(path, $"@{command} %*\r\n");
        return path;
    }

    private static string Said(string log)
    {
        string text = File.Exists(log) ? File.ReadAllText(log).Trim() : "";
        return text.Length == 0 ? "" : $" It said: {(text.Length > ShownLogCharacters ? "…" + text[^ShownLogCharacters..] : text)}";
    }

    private Scores Parse(byte[] bytes) => bytes.AsSpan().StartsWith("PK"u8) ? FromArchive(bytes) : FromJson(bytes);

    private Scores FromArchive(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var arrays = NpzFile.Read(stream, command);
        if (arrays.Keys.FirstOrDefault(k => !Keys.Contains(k)) is { } unknown)
        {
            throw Bad($"it wrote an unknown array '{unknown}'.", $"Write only {string.Join(", ", Keys[1..])}.");
        }

        return Checked(DefaultName, arrays.GetValueOrDefault("higherIsBetter")?.ToDoubles() is not [0],
            arrays.GetValueOrDefault("float")?.ToDoubles(), arrays.GetValueOrDefault("device")?.ToDoubles());
    }

    private Scores FromJson(byte[] bytes)
    {
        try
        {
            JsonObject json = JsonNode.Parse(bytes) as JsonObject ?? throw new JsonException("it is no object.");
            return json.Select(p => p.Key).FirstOrDefault(k => !Keys.Contains(k)) is { } unknown
                ? throw Bad($"it wrote an unknown key '{unknown}'.", $"Write only {string.Join(", ", Keys)}.")
                : Checked((string?)json["name"] ?? DefaultName, (bool?)json["higherIsBetter"] ?? true, Numbers(json["float"]), Numbers(json["device"]));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Bad($"what it wrote is no JSON of scores: {e.Message}", """Write for example {"name": "mine", "device": [0.9, 1.0]}.""");
        }
    }

    private static double[]? Numbers(JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => [.. list.Select(v => (double?)v ?? double.NaN)],
        _ => [(double)node],
    };

    private Scores Checked(string name, bool higherIsBetter, double[]? floats, double[]? device)
    {
        foreach ((string key, double[]? values) in new[] { ("device", device), ("float", floats) })
        {
            if (values is not null && (values.Length == 0 || values.Any(v => !double.IsFinite(v))))
            {
                throw Bad($"'{key}' is empty or holds a number that is not finite.", "Write finite numbers.");
            }
        }

        return name.Length is 0 or > 60 || name.Any(char.IsControl) ? throw Bad("its 'name' is empty or too long.", "Name it in at most 60 characters.")
            : Metric.Find(name) is not null ? throw Bad($"its 'name' is '{name}', which is a metric already.", "Name it otherwise.")
            : new Scores(name, higherIsBetter, floats, device ?? throw Bad("it wrote no 'device'.", "Write the score of 'outputs' under that name."));
    }

    private SampleOutcomes Add(SampleOutcomes outcomes, string column, double[]? scores) => scores switch
    {
        null or [_] when scores is null || outcomes.Count != 1 => outcomes,
        _ when scores.Length != outcomes.Count =>
            throw Bad($"it wrote {scores.Length} scores for {outcomes.Count} samples.", "Write one number, or one a sample."),
        _ => outcomes.With(column, scores),
    };

    private static (double? Value, Interval? Interval) Value(SampleOutcomes outcomes, Side side, double[]? scores) =>
        Metric.Mean(outcomes, side) is { } mean
            ? (Bootstrap.Whole(outcomes.Count, mean), Bootstrap.Interval(outcomes.Count, mean, seed: 1))
            : (scores?[0], null);

    private HilException Bad(string what, string whatToDo) => new(ExitKind.BadInput, what, $"metric command `{command}`", whatToDo);
}
