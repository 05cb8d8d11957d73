using System.Text.Json;

namespace Hil.Stryker.Tests;

/// <summary>A fault as Stryker plants it: in which line of which file, what is replaced, and by what. Line and texts in one line each, without indentation.</summary>
internal sealed record Fault(string File, string Line, string Original, string Replacement)
{
    public override string ToString() => $"{File}: {Line}\n    {Original}  ->  {Replacement}";
}

/// <summary>What became of the faults of one run; faults that do not compile are none.</summary>
/// <param name="Detected">A test failed, or none ended in time.</param>
/// <param name="Survived">Every test passed.</param>
internal sealed record MutationReport(IReadOnlyList<Fault> Detected, IReadOnlyList<Fault> Survived)
{
    private static readonly string[] Found = ["Killed", "Timeout", "RuntimeError"];
    private static readonly string[] NotFound = ["Survived", "NoCoverage"];

    /// <summary>Of Stryker's JSON report; files by their path from the project's folder.</summary>
    public static MutationReport Read(string path, string folder)
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
        List<(Fault Fault, string Status)> faults = [];
        foreach (JsonProperty file in json.RootElement.GetProperty("files").EnumerateObject())
        {
            string[] lines = file.Value.GetProperty("source").GetString()!.ReplaceLineEndings("\n").Split('\n');
            string normal = file.Name.Replace('\\', '/');
            int at = normal.LastIndexOf($"{folder}/", StringComparison.Ordinal);
            string name = at < 0 ? normal : normal[(at + folder.Length + 1)..];
            foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray())
                faults.Add((FaultOf(name, lines, mutant), mutant.GetProperty("status").GetString()!));
        }

        return new MutationReport(
            [.. faults.Where(f => Found.Contains(f.Status)).Select(f => f.Fault)],
            [.. faults.Where(f => NotFound.Contains(f.Status)).Select(f => f.Fault)]);
    }

    private static Fault FaultOf(string file, string[] lines, JsonElement mutant)
    {
        (int firstLine, int firstColumn) = Place("start");
        (int lastLine, int lastColumn) = Place("end");
        string original = firstLine == lastLine
            ? lines[firstLine][firstColumn..lastColumn]
            : string.Join('\n', [lines[firstLine][firstColumn..], .. lines[(firstLine + 1)..lastLine], lines[lastLine][..lastColumn]]);
        return new Fault(file, lines[firstLine].Trim(), OneLine(original), OneLine(mutant.GetProperty("replacement").GetString()!));

        // Stryker counts from 1.
        (int Line, int Column) Place(string end)
        {
            JsonElement place = mutant.GetProperty("location").GetProperty(end);
            return (place.GetProperty("line").GetInt32() - 1, place.GetProperty("column").GetInt32() - 1);
        }
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
