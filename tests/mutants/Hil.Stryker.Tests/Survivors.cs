using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hil.Stryker.Tests;

/// <summary>Why a fault that no test finds is none, or what the tests do not reach.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SurvivorKind>))]
internal enum SurvivorKind
{
    /// <summary>Not explained yet.</summary>
    Unexplained,

    /// <summary>The program does the same: the reason says why.</summary>
    Equal,

    /// <summary>Shows only in running time; results are the same.</summary>
    Unobserved,

    /// <summary>Shows only on a processor that lacks a vector level; found there, and not counted as found.</summary>
    Processor,

    /// <summary>An error that no test finds.</summary>
    Hole,
}

/// <summary>A fault that the judge lets pass.</summary>
internal sealed record Survivor(string File, string Line, string Original, string Replacement, int Number, SurvivorKind Kind, string Reason)
{
    public static Survivor New(Fault f) => new(f.File, f.Line, f.Original, f.Replacement, f.Number, SurvivorKind.Unexplained, "");

    [JsonIgnore]
    public Fault Fault => new(File, Line, Original, Replacement, Number);

    [JsonIgnore]
    public bool IsExplained => Kind != SurvivorKind.Unexplained && Reason.Length > 0;
}

/// <summary>The survivors of a subject, in tests/mutants/stryker/NAME-survivors.json.</summary>
internal static class Survivors
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IReadOnlyList<Survivor> Read(Subject subject) =>
        File.Exists(PathOf(subject)) ? JsonSerializer.Deserialize<List<Survivor>>(File.ReadAllText(PathOf(subject)), Options)! : [];

    /// <summary>Leaves out what is not planted any more or was found, adds what survives, and keeps every reason that still applies.</summary>
    public static void Write(Subject subject, IReadOnlyList<Fault> planted, IReadOnlySet<Fault> found, IReadOnlySet<Fault> survive)
    {
        Dictionary<Fault, Survivor> old = Read(subject).ToDictionary(s => s.Fault);
        IEnumerable<Fault> now = planted.Where(f => survive.Contains(f) || (old.ContainsKey(f) && !found.Contains(f)));
        File.WriteAllText(PathOf(subject), JsonSerializer.Serialize(now.Select(f => old.GetValueOrDefault(f) ?? Survivor.New(f)), Options) + "\n");
    }

    private static string PathOf(Subject subject) => Path.Combine(Repository.Root, "tests", "mutants", "stryker", $"{subject.Name}-survivors.json");
}
