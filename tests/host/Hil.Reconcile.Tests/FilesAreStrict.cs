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
        { "absurd energy", j => j["energyMicrojoules"] = 1e18 },
        { "absurd counter", j => j["counters"]!["busy"]![0] = 1L << 60 },
        { "two stalls", j => j["counters"]!["stall"]!.AsArray().RemoveAt(0) },
        { "issue of three units", j => j["counters"]!["issue"]!.AsArray().RemoveAt(0) },
        { "idle of three units", j => j["counters"]!["idle"]!.AsArray().RemoveAt(0) },
        { "port waits of three units", j => j["counters"]!["portWait"]!.AsArray().RemoveAt(0) },
        { "full queues of three units", j => j["counters"]!["dispatchFull"]!.AsArray().RemoveAt(0) },
        { "retired of three units", j => j["counters"]!["retired"]!.AsArray().RemoveAt(0) },
        { "negative cycles of a layer", j => j["layers"]![0]!["cycles"] = -1 },
        { "absurd cycles of a layer", j => j["layers"]![0]!["cycles"] = 1L << 60 },
        { "negative products", j => j["layers"]![0]!["macs"] = -1 },
        { "absurd products", j => j["layers"]![0]!["macs"] = 1L << 60 },
        { "a layer busy in three units", j => j["layers"]![0]!["busy"]!.AsArray().RemoveAt(0) },
        { "a layer negatively busy", j => j["layers"]![0]!["busy"]![0] = -1 },
        { "a layer absurdly busy", j => j["layers"]![0]!["busy"]![0] = 1L << 60 },
        { "a trace row that is a number", j => j["trace"]![0] = 1 },
        { "a trace row of texts", j => j["trace"]![0]![1] = "load" },
        { "a trace row of fractions", j => j["trace"]![0]![1] = 0.5 },
        { "a long trace row", j => j["trace"]![0]!.AsArray().Add(1) },
        { "a negative index", j => j["trace"]![0]![0] = -1 },
        { "an absurd index", j => j["trace"]![0]![0] = 1L << 40 },
        { "a negative unit", j => j["trace"]![0]![1] = -1 },
        { "starts before the run", j => j["trace"]![0]![2] = -1 },
        { "retires after the run", j => j["trace"]![0]![3] = 1L << 50 },
        { "two at a time", j => j["trace"]!.AsArray().Add(j["trace"]![0]!.DeepClone()) },
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
        { "absurd", j => j["cycles"] = 1e18 },
        { "negative energy", j => j["energyMicrojoules"] = -1 },
        { "a layer of negative cycles", j => j["layers"]![0]!["cycles"] = -1 },
        { "a layer of negative energy", j => j["layers"]![0]!["energyMicrojoules"] = -1 },
        { "a layer of negative products", j => j["layers"]![0]!["macs"] = -1 },
        { "a layer negatively busy", j => j["layers"]![0]!["busy"]![0] = -1 },
        { "a negative cause", j => j["layers"]![0]!["causes"]!["compute"] = -1 },
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

    public static TheoryData<string, Action<JsonObject>> Allowed => new()
    {
        { "a sensor's energy", j => j["energyMicrojoules"] = 12.5 },
        { "no cycle of the layers after a trap", j => (j["trap"]!["reason"], j["layers"]) = ("illegalOpcode", new JsonArray()) },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void AnUnusualMeasurementIsTaken(string what, Action<JsonObject> change)
    {
        (_, Measurement measurement) = Runs.Product(4, 16, 16);
        string path = Path.Combine(folder, "m.json");
        MeasurementFile.Save(path, measurement);
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());

        Assert.True(MeasurementFile.Load(path).Counters.Cycles > 0, what);
    }

    [Fact]
    public void AFileThatIsTooLongIsBadInput()
    {
        string path = Path.Combine(folder, "long.json");
        // A sparse file: its length costs nothing.
        using (FileStream stream = File.OpenWrite(path)) stream.SetLength((1L << 30) + 1);

        Assert.Contains("is larger than", Assert.Throws<HilException>(() => PredictionFile.Load(path)).Message, StringComparison.Ordinal);
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
