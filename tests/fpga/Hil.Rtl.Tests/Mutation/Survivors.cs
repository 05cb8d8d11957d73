using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hil.Rtl.Tests.Mutation;

/// <summary>Why a fault that nothing finds is none, or what the programs do not reach.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SurvivorKind>))]
internal enum SurvivorKind
{
    /// <summary>Not explained yet; a test fails.</summary>
    Unexplained,

    /// <summary>Proved: from equal registers, whatever they and the inputs are, both cores do the same in every cycle (sim/verilator/mutants/prove.sh).</summary>
    Equal,

    /// <summary>What differs shows only in states or on inputs that the core, or what its contract allows at its ports, never has.</summary>
    Unreachable,

    /// <summary>What differs is computed or stored more often than needed, or is overwritten before anything reads it.</summary>
    Unobserved,

    /// <summary>An error that no program of the hunt reaches.</summary>
    Hole,
}

/// <summary>A planted fault that the hunt does not find: its line in the list of faults, with spaced semicolons for tabs.</summary>
internal sealed record Survivor(string Fault, SurvivorKind Kind, string Reason);

/// <summary>The explained survivors, in a file beside the sources of the tests.</summary>
internal static class Survivors
{
    private static readonly string PathOfFile = Path.Combine(Repository.Root, "tests/fpga/Hil.Rtl.Tests/Mutation/survivors.json");

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Key(string line) => line.Trim().Replace("\t", "; ", StringComparison.Ordinal);

    public static IReadOnlyList<Survivor> Read() => JsonSerializer.Deserialize<List<Survivor>>(File.ReadAllText(PathOfFile), Options)!;

    /// <summary>Leaves out what is not in the list or was found, adds what survives, and keeps every reason that still applies.</summary>
    public static void Write(IReadOnlyList<string> list, IReadOnlyCollection<string> found, IReadOnlyCollection<string> survive)
    {
        IReadOnlyList<Survivor> old = Read();
        IEnumerable<Survivor> kept = old.Where(s => list.Contains(s.Fault) && !found.Contains(s.Fault));
        IEnumerable<Survivor> added = survive.Where(f => old.All(s => s.Fault != f)).Select(f => new Survivor(f, SurvivorKind.Unexplained, ""));
        Survivor[] all = [.. kept.Concat(added).OrderBy(s => list.ToList().IndexOf(s.Fault))];
        File.WriteAllText(PathOfFile, JsonSerializer.Serialize(all, Options) + "\n");
    }
}
