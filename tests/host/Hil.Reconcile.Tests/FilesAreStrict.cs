using System.Text;
using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Contract.Records;
using Hil.Reconcile.Files;

namespace Hil.Reconcile.Tests;

public sealed class FilesAreStrict : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hil-reconcile-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void WhatIsSavedIsLoadedUnchangedAndSavedAgainToTheSameBytes()
    {
        (Prediction prediction, Measurement measurement) = Runs.Product(4, 16, 16);
        (string p, string m) = (Path.Combine(folder, "p.json"), Path.Combine(folder, "m.json"));
        PredictionFile.Save(p, prediction);
        MeasurementFile.Save(m, measurement);
        (byte[] firstP, byte[] firstM) = (File.ReadAllBytes(p), File.ReadAllBytes(m));

        PredictionFile.Save(p, PredictionFile.Load(p));
        MeasurementFile.Save(m, MeasurementFile.Load(m));

        Assert.Equal(firstP, File.ReadAllBytes(p));
        Assert.Equal(firstM, File.ReadAllBytes(m));
        Assert.Equal(measurement.Trace, MeasurementFile.Load(m).Trace);
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    public static TheoryData<string, Action<JsonObject>> Damages => new()
    {
        { "no schema", j => j.Remove("schema") },
        { "another schema", j => j["schema"] = "hil.measurement/9" },
        { "unknown key", j => j["extra"] = 1 },
        { "no trace", j => j.Remove("trace") },
        { "null layer", j => j["layers"]!.AsArray()[0] = null },
        { "null trace row", j => j["trace"]!.AsArray()[0] = null },
        { "short trace row", j => j["trace"]![0]!.AsArray().RemoveAt(3) },
        { "unit 9", j => j["trace"]![0]![1] = 9 },
        { "retires before it starts", j => j["trace"]![0]![3] = 0 },
        { "negative cycles", j => j["counters"]!["cycles"] = -1 },
        { "layers do not add up", j => j["layers"]![0]!["cycles"] = 3 },
        { "three units", j => j["counters"]!["busy"]!.AsArray().RemoveAt(0) },
        { "provenance as number", j => j["provenance"] = 1 },
        { "a prediction as measurement", j => j["provenance"] = "predicted" },
        { "negative energy", j => j["energyMicrojoules"] = -1 },
        { "null device", j => j["device"] = null },
        { "fraction", j => j["counters"]!["cycles"] = 1.5 },
        { "too large", j => j["counters"]!["cycles"] = 1e30 },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void ADamagedMeasurementIsBadInput(string what, Action<JsonObject> damage)
    {
        (_, Measurement measurement) = Runs.Product(4, 16, 16);
        string path = Path.Combine(folder, "m.json");
        MeasurementFile.Save(path, measurement);
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        damage(json);
        File.WriteAllText(path, json.ToJsonString());

        HilException e = Assert.Throws<HilException>(() => MeasurementFile.Load(path));

        Assert.True(e.Kind == ExitKind.BadInput, what);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<JsonObject>> PredictionDamages => new()
    {
        { "causes do not add up", j => j["layers"]![0]!["causes"]!["compute"] = 1e9 },
        { "layers do not add up", j => j["cycles"] = 5 },
        { "null layer", j => j["layers"]!.AsArray()[0] = null },
        { "another schema", j => j["schema"] = "hil.prediction/0" },
        { "infinite", j => j["cycles"] = "Infinity" },
        { "three units", j => j["layers"]![0]!["busy"]!.AsArray().RemoveAt(0) },
    };

    [Theory]
    [MemberData(nameof(PredictionDamages))]
    public void ADamagedPredictionIsBadInput(string what, Action<JsonObject> damage)
    {
        (Prediction prediction, _) = Runs.Product(4, 16, 16);
        string path = Path.Combine(folder, "p.json");
        PredictionFile.Save(path, prediction);
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        damage(json);
        File.WriteAllText(path, json.ToJsonString());

        HilException e = Assert.Throws<HilException>(() => PredictionFile.Load(path));

        Assert.True(e.Kind == ExitKind.BadInput, what);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\u0000\u0001")]
    [InlineData("{\"schema\":\"hil.measurement/1\",\"schema\":\"hil.measurement/1\"}")]
    public void WhatIsNotARecordIsBadInput(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => MeasurementFile.Parse(stream, "here")).Kind);
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => MeasurementFile.Load(Path.Combine(folder, "none.json"))).Kind);
    }
}
