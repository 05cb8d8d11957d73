using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hil.Stryker.Tests;

/// <summary>Why a fault that no test finds is none, or what the tests do not reach.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SurvivorKind>))]
internal enum SurvivorKind
{
    /// <summary>Not explained yet; a test fails.</summary>
    Unexplained,

    /// <summary>The program does the same: the reason says why.</summary>
    Equal,

    /// <summary>Shows only in time, memory, or the text of a refusal; results are the same.</summary>
    Unobserved,

    /// <summary>Found by another suite, which the reason names, not by the judges of Stryker's configuration.</summary>
    Elsewhere,

    /// <summary>An error that no test finds.</summary>
    Hole,
}

/// <summary>A fault that the tests let pass; the same text may stand in several places of a line.</summary>
internal sealed record Survivor(string Line, string Original, string Replacement, SurvivorKind Kind, string Reason);

/// <summary>What the last whole run of a file gave: how many faults it planted, and those that survived.</summary>
internal sealed record FileRecord(int Planted, IReadOnlyList<Survivor> Survivors);

/// <summary>What was recorded of a subject, in tests/mutants/stryker/NAME-survivors.json: by file, from its project's folder.</summary>
internal sealed class Survivors
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _path;

    private Survivors(string path, SortedDictionary<string, FileRecord> files) => (_path, Files) = (path, files);

    public SortedDictionary<string, FileRecord> Files { get; }

    public int Planted => Files.Values.Sum(f => f.Planted);

    public static Survivors Of(Subject subject)
    {
        string path = Path.Combine(Subject.Root, "tests", "mutants", "stryker", $"{subject.Name}-survivors.json");
        Dictionary<string, FileRecord> read = File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, FileRecord>>(File.ReadAllText(path), Options)! : [];
        return new Survivors(path, new SortedDictionary<string, FileRecord>(read, StringComparer.Ordinal));
    }

    public IEnumerable<(Fault Fault, Survivor Entry)> All() =>
        from file in Files
        from s in file.Value.Survivors
        select (new Fault(file.Key, s.Line, s.Original, s.Replacement), s);

    /// <summary>Takes over what a run gave for some files, and keeps every reason that still applies.</summary>
    public void Write(IReadOnlyList<string> files, MutationReport report)
    {
        Dictionary<Fault, Survivor> old = All().ToDictionary(s => s.Fault, s => s.Entry);
        foreach (string file in files)
        {
            Fault[] survived = [.. report.Survived.Where(f => f.File == file)];
            Files[file] = new FileRecord(survived.Length + report.Detected.Count(f => f.File == file), [.. survived.Distinct().Select(f =>
                old.GetValueOrDefault(f) ?? new Survivor(f.Line, f.Original, f.Replacement, SurvivorKind.Unexplained, ""))]);
        }

        File.WriteAllText(_path, JsonSerializer.Serialize(Files, Options) + "\n");
    }
}
