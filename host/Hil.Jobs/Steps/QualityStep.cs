using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hil.Contract.Programs;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Quality;
using Hil.Models.Reference;
using Hil.Reconcile;

namespace Hil.Jobs.Steps;

/// <summary>How good the device's outputs are: against labels, and against the float model where there is one.</summary>
internal static class QualityStep
{
    /// <summary>The float model's output for each sample.</summary>
    public static IReadOnlyList<float[]> Reference(JobWork work, OnnxModel model, Dataset data)
    {
        work.Report("reference", $"{data.Count} samples in float");
        using var reference = new FloatReference(model, []);
        var outputs = new List<float[]>(data.Count);
        for (int i = 0; i < data.Count; i++)
        {
            outputs.Add(reference.Run(data.Inputs[i])[reference.OutputName]);
            work.Report("reference", $"{i + 1} of {data.Count} samples", (double)(i + 1) / data.Count);
        }

        return outputs;
    }

    /// <summary>A stand-in for the graph of a program that came without its model: enough to read data for it.</summary>
    public static Graph GraphOf(ProgramImage program)
    {
        Tensor[] inputs = [.. program.Inputs.Where(p => MaskMetadata.Read(program.Metadata, p.Name) is null).GroupBy(PlacedSamples.SourceOf).Select(Whole)];
        MaskInput[] masks = [.. program.Inputs.Select(p => MaskMetadata.Read(program.Metadata, p.Name)).OfType<MaskInput>()];
        return new Graph(program.Name, inputs[0], Whole(program.Outputs), ImmutableSortedDictionary<string, Tensor>.Empty, [])
        {
            MoreInputs = [.. inputs.Skip(1), .. masks.Select(m => new Tensor(m.Tensor, 1, m.Keys))],
        };
    }

    /// <summary>What the device is given of each sample, by ONNX tensor: the model inputs, or what the host makes of them.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, float[]>> Given(OnnxModel? model, Graph graph, IEnumerable<ModelSample> samples)
    {
        using FloatReference? front = model is null ? null : FloatReference.Front(model, graph.GivenTensors);
        foreach (ModelSample sample in samples)
        {
            yield return front?.Run(sample) ?? sample.Names.ToDictionary(n => n, n => sample[n].ToArray());
        }
    }

    /// <summary>Every metric that the data allow, that of the job's own command among them; what each sample came to is kept.</summary>
    /// <param name="reference">The float model's outputs; null without one.</param>
    public static async Task<QualityReport> MeasureAsync(
        JobWork work, Dataset data, Tensor output, IReadOnlyList<float[]>? reference, IReadOnlyList<float[]> outputs, string prefix)
    {
        QualityReport quality = QualityMeter.Measure(data, output, reference, outputs, metric: work.Spec.Options.Metric);
        if (work.Spec.Options.MetricCommand is { } command)
        {
            quality = await new MetricCommand(work, command).AddToAsync(quality, data, output, reference, outputs);
        }

        work.Add(prefix + ArtefactNames.Outcomes, OutcomeFile.Write(quality.Outcomes));
        return quality;
    }

    /// <summary>As the report shows it; null if nothing was measured.</summary>
    public static RunQuality? ForReport(QualityReport q) => q.Metrics.Count == 0 ? null : new(
        q.Metric, q.Float, q.Device, q.Agreement, q.SqnrDb, q.Samples, q.Words, q.DeviceInterval?.Low, q.DeviceInterval?.High)
    {
        Metrics = [.. q.Metrics.Select(m => new RunMetric(
            m.Name, m.Unit, m.HigherIsBetter, m.Float, m.Device, m.DeviceInterval?.Low, m.DeviceInterval?.High))],
    };

    /// <param name="outcomes">Hash of the outcomes' file.</param>
    public static JsonObject ForResult(QualityReport q, string outcomes) => new()
    {
        ["metric"] = q.Metric,
        ["unit"] = q.Chosen.Unit,
        ["float"] = q.Float,
        ["floatInterval"] = Pair(q.FloatInterval),
        ["device"] = q.Device,
        ["deviceInterval"] = Pair(q.DeviceInterval),
        ["agreement"] = q.Agreement,
        ["sqnrDb"] = q.SqnrDb,
        ["transcriptDifference"] = q.TranscriptDifference,
        ["samples"] = q.Samples,
        ["words"] = q.Words,
        ["metrics"] = new JsonArray([.. q.Metrics.Select(m => new JsonObject
        {
            ["name"] = m.Name,
            ["unit"] = m.Unit,
            ["higherIsBetter"] = m.HigherIsBetter,
            ["float"] = m.Float,
            ["floatInterval"] = Pair(m.FloatInterval),
            ["device"] = m.Device,
            ["deviceInterval"] = Pair(m.DeviceInterval),
        })]),
        ["outcomesSha256"] = outcomes,
    };

    private static JsonArray? Pair(Interval? interval) => interval is null ? null : [interval.Low, interval.High];

    private static Tensor Whole(IEnumerable<TensorPlace> places) =>
        new(PlacedSamples.SourceOf(places.First()), places.Sum(p => p.Rows), places.First().Columns);
}
