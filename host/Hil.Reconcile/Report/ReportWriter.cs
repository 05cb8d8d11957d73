using Hil.Contract;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Hil.Contract.Records;
using Hil.Reconcile.Files;

namespace Hil.Reconcile.Report;

/// <summary>Writes a reconciliation as a page or as JSON: beside the target first, then renamed. The same input gives the same bytes.</summary>
public static class ReportWriter
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new FiniteOrNull() },
    };

    /// <param name="note">One sentence to stand under the title, for example how and when it was made; nothing by default.</param>
    public static void WriteHtml(
        string path, Reconciliation reconciliation, Measurement measurement, ReconcileExtras? extras = null, string note = "") =>
        WriteText(path, ToHtml(reconciliation, measurement, extras, note));

    public static string ToHtml(Reconciliation reconciliation, Measurement measurement, ReconcileExtras? extras = null, string note = "")
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        ArgumentNullException.ThrowIfNull(measurement);
        return HtmlPage.Of(reconciliation, measurement, extras ?? new ReconcileExtras(), note);
    }

    public static void WriteJson(string path, Reconciliation reconciliation) =>
        WriteText(path, ToJson(reconciliation).ToJsonString(Json) + "\n");

    /// <summary>The document of schema <c>hil.reconcile/1</c>.</summary>
    public static JsonObject ToJson(Reconciliation reconciliation) =>
        JsonSerializer.SerializeToNode(reconciliation, Json)!.AsObject();

    private static void WriteText(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Utf8.GetBytes(text)));

    /// <summary>JSON has no infinity: what is not finite is null.</summary>
    private sealed class FiniteOrNull : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
