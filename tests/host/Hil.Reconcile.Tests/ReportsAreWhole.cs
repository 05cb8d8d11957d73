using System.Text.Json.Nodes;
using Hil.Contract.Records;
using Hil.Reconcile.Report;

namespace Hil.Reconcile.Tests;

public sealed class ReportsAreWhole
{
    private static readonly ReconcileExtras Extras = new()
    {
        Machine = Runs.Machine(),
        Quality = new RunQuality("wer", 0.021, 0.023, 0.993, 34.1, 100, 1361, 0.015, 0.031),
        Noise = [new LayerNoise("a", 41.5, 0), new LayerNoise("b", double.PositiveInfinity, 12)],
        Fit = [new MemoryFit("scratchpad A", 60000, 65536), new MemoryFit("flash", 100000, 16 << 20)],
        Gates = new ReconcileGates(2),
    };

    [Fact]
    public void ThePageLoadsNothingAndIsSmall()
    {
        (Prediction prediction, Measurement measurement) = Runs.Product();
        string html = ReportWriter.ToHtml(Reconciler.Reconcile(prediction, measurement, Extras), measurement, Extras);

        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" src=", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("prefers-color-scheme:dark", html, StringComparison.Ordinal);
        Assert.True(html.Length < 5_000_000);
        foreach (string section in new[] { "From predicted to emulated", "Layers", "Units over time", "Quality", "Noise by layer", "Memories", "remainder" })
        {
            Assert.Contains(section, html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Provenance.Emulated, "emulated")]
    [InlineData(Provenance.Rtl, "RTL simulation")]
    [InlineData(Provenance.VirtualBoard, "virtual board (simulated)")]
    public void WhatIsSimulatedIsNeverCalledMeasuredOnABoard(Provenance provenance, string word)
    {
        (Prediction prediction, Measurement measurement) = Runs.Product(8, 16, 16);
        Measurement run = measurement with { Provenance = provenance };
        string html = ReportWriter.ToHtml(Reconciler.Reconcile(prediction, run, Extras), run, Extras);

        Assert.Contains($"cycles, {word}", html, StringComparison.Ordinal);
        Assert.Contains("nothing here was measured on a board", html, StringComparison.Ordinal);
        Assert.DoesNotContain("cycles, measured", html, StringComparison.Ordinal);
        Assert.Contains("no sensor", html, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesFromAModelAreText()
    {
        (Prediction prediction, Measurement measurement) = Runs.Product(8, 16, 16);
        const string evil = "<script>alert(1)</script>\"'&";
        Prediction p = prediction with { Program = evil, Layers = [prediction.Layers[0] with { Name = evil }] };
        Measurement m = measurement with { Layers = [measurement.Layers[0] with { Name = evil }] };
        ReconcileExtras extras = Extras with { Noise = [new LayerNoise(evil, 10, 1)] };

        string html = ReportWriter.ToHtml(Reconciler.Reconcile(p, m, extras), m, extras, evil);

        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameInputGivesTheSameBytes()
    {
        string folder = Directory.CreateTempSubdirectory("hil-report-").FullName;
        try
        {
            string Write(string name)
            {
                (Prediction prediction, Measurement measurement) = Runs.Product(8, 16, 16);
                Reconciliation r = Reconciler.Reconcile(prediction, measurement, Extras);
                ReportWriter.WriteHtml(Path.Combine(folder, name), r, measurement, Extras);
                ReportWriter.WriteJson(Path.Combine(folder, name + ".json"), r);
                return File.ReadAllText(Path.Combine(folder, name)) + File.ReadAllText(Path.Combine(folder, name + ".json"));
            }

            Assert.Equal(Write("a"), Write("b"));
            Assert.Equal(4, Directory.GetFiles(folder).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TheJsonHasTheKeysThatOthersReadAndNullWithoutASensor()
    {
        (Prediction prediction, Measurement measurement) = Runs.Product(8, 16, 16);
        JsonObject json = ReportWriter.ToJson(Reconciler.Reconcile(prediction, measurement, Extras));

        Assert.Equal("hil.reconcile/1", (string?)json["schema"]);
        Assert.Equal("icebreaker", (string?)json["machine"]);
        Assert.Equal("emulator", (string?)json["device"]);
        Assert.Equal("emulated", (string?)json["provenance"]);
        Assert.Equal(measurement.Counters.Cycles, (long?)json["cycles"]!["measured"]);
        Assert.NotNull(json["cycles"]!["predicted"]);
        Assert.NotNull(json["cycles"]!["errorPercent"]);
        JsonObject layer = json["layers"]![0]!.AsObject();
        Assert.All(new[] { "name", "predicted", "measured", "bound" }, key => Assert.True(layer.ContainsKey(key), key));
        Assert.NotNull(json["utilization"]);
        Assert.NotNull(json["macs"]);
        Assert.Null(json["energyMicrojoules"]!["measured"]);
        Assert.All(
            new[] { "metric", "float", "device", "agreement", "sqnrDb", "samples" },
            key => Assert.NotNull(json["quality"]![key]));
    }
}
