using System.Text;
using System.Text.Json.Nodes;
using Hil.Compiler;
using Hil.Contract;
using Hil.Contract.Records;
using Hil.Jobs.Specs;
using Hil.Reconcile;
using Hil.Reconcile.Report;

namespace Hil.Jobs.Steps;

/// <summary>The end of a job: prediction and measurement joined, written as result and report, and held against the gates.</summary>
internal static class Conclusion
{
    public static ReconcileGates Gates(JobWork work)
    {
        JobOptions o = work.Spec.Options;
        return new(
            o.MaxCycleErrorPercent, o.MaxQualityLoss, o.MinAgreement, o.MinSqnrDb, o.MaxCycles, o.MaxMilliseconds, o.MaxEnergyMicrojoules);
    }

    /// <param name="schema">Of the result.</param>
    /// <param name="more">Keys of the result beyond those of a reconciliation.</param>
    public static ExitKind Write(
        JobWork work, Prediction prediction, Measurement measurement, string schema, ReconcileExtras extras, JsonObject more)
    {
        work.Report("reconcile", "prediction against measurement");
        return Write(work, Reconciler.Reconcile(prediction, measurement, extras), measurement, schema, extras, more);
    }

    public static ExitKind Write(
        JobWork work, Reconciliation joined, Measurement measurement, string schema, ReconcileExtras extras, JsonObject more)
    {
        more["job"] = work.Spec.Hash();
        more["inputs"] = new JsonObject(work.Spec.Inputs.Select(i => KeyValuePair.Create(
            i.Key, (JsonNode?)new JsonObject { ["name"] = i.Value.Name, ["sha256"] = i.Value.Sha256 })));
        work.Add(ArtefactNames.Result, CanonicalJson.Bytes(Result(joined, schema, more)));
        work.Report("report", ArtefactNames.Report);
        work.Add(ArtefactNames.Report, Encoding.UTF8.GetBytes(ReportWriter.ToHtml(joined, measurement, extras)));
        return joined.Passed ? ExitKind.Done : ExitKind.GateFailed;
    }

    /// <summary>The stable JSON: that of a reconciliation under another schema, and some keys more.</summary>
    public static JsonObject Result(Reconciliation reconciliation, string schema, JsonObject more)
    {
        JsonObject result = ReportWriter.ToJson(reconciliation);
        result["schema"] = schema;
        foreach ((string key, JsonNode? value) in more)
        {
            result[key] = value?.DeepClone();
        }

        return result;
    }
}

/// <summary>How full the memories are, as the report shows it: those that are counted in bytes.</summary>
internal static class Fits
{
    public static IReadOnlyList<Hil.Reconcile.MemoryFit> Of(CompiledProgram compiled) =>
    [
        .. compiled.Memories.Where(m => m.Unit == "bytes")
            .Select(m => new Hil.Reconcile.MemoryFit(m.Memory, m.Used, m.Available)),
    ];
}
