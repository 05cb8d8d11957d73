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
        Tensor input = Whole(program.Inputs);
        Tensor output = Whole(program.Outputs);
        return new Graph(program.Name, input, output, ImmutableSortedDictionary<string, Tensor>.Empty, []);
    }

    public static RunQuality ForReport(QualityReport q) => new(
        q.Metric, q.Float ?? 1, q.Device ?? q.Agreement, q.Agreement, q.SqnrDb, q.Samples, q.Words,
        q.DeviceInterval?.Low, q.DeviceInterval?.High);

    /// <param name="q">Measured against the float model; null without one.</param>
    /// <param name="alone">Measured against the labels only.</param>
    public static JsonObject ForResult(QualityReport? q, QualityReport alone) => new()
    {
        ["metric"] = alone.Metric,
        ["float"] = q is null ? null : q.Float ?? 1,
        ["floatInterval"] = Pair(q?.FloatInterval),
        ["device"] = alone.Device ?? q?.Agreement,
        ["deviceInterval"] = Pair(alone.DeviceInterval),
        ["agreement"] = q?.Agreement,
        ["sqnrDb"] = q?.SqnrDb,
        ["transcriptDifference"] = q?.TranscriptDifference,
        ["samples"] = alone.Samples,
        ["words"] = alone.Words,
    };

    private static JsonArray? Pair(Interval? interval) => interval is null ? null : [interval.Low, interval.High];

    private static Tensor Whole(IReadOnlyList<TensorPlace> places)
    {
        // The quantized tensor is named after the ONNX one, with the element's width after a colon.
        string name = PlacedSamples.NameOf(places[0]).Tensor;
        int colon = name.LastIndexOf(':');
        return new Tensor(colon > 0 ? name[..colon] : name, places.Sum(p => p.Rows), places[0].Columns);
    }
}
