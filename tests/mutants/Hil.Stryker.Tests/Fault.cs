using System.Text.Json;

namespace Hil.Stryker.Tests;

/// <summary>
/// A fault as Stryker plants it: in which line of which file, what is replaced, and by what; texts in one line each. <paramref name="Number"/> counts
/// those of one file that are otherwise the same.
/// </summary>
internal sealed record Fault(string File, string Line, string Original, string Replacement, int Number)
{
    private static readonly string[] NotPlanted = ["CompileError", "Ignored"];

    public override string ToString() => $"{File}: {Line}\n    {Original}  ->  {Replacement}{(Number > 1 ? $" ({Number})" : "")}";

    /// <summary>Of Stryker's JSON report: its number of each fault that it planted, and the fault; files by their path from the project's folder.</summary>
    public static IReadOnlyDictionary<int, Fault> Read(string path, string folder)
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
        var faults = new Dictionary<int, Fault>();
        var seen = new HashSet<Fault>();
        foreach (JsonProperty file in json.RootElement.GetProperty("files").EnumerateObject())
        {
            string[] lines = file.Value.GetProperty("source").GetString()!.ReplaceLineEndings("\n").Split('\n');
            string normal = file.Name.Replace('\\', '/');
            string name = normal[(normal.LastIndexOf($"{folder}/", StringComparison.Ordinal) + folder.Length + 1)..];
            foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray())
            {
                if (NotPlanted.Contains(mutant.GetProperty("status").GetString())) continue;
                Fault fault = Of(name, lines, mutant);
                while (!seen.Add(fault)) fault = fault with { Number = fault.Number + 1 };
                faults.Add(int.Parse(mutant.GetProperty("id").GetString()!), fault);
            }
        }

        return faults;
    }

    private static Fault Of(string file, string[] lines, JsonElement mutant)
    {
        (int firstLine, int firstColumn) = Place("start");
        (int lastLine, int lastColumn) = Place("end");
        string original = firstLine == lastLine
            ? lines[firstLine][firstColumn..lastColumn]
            : string.Join('\n', [lines[firstLine][firstColumn..], .. lines[(firstLine + 1)..lastLine], lines[lastLine][..lastColumn]]);
        return new Fault(file, lines[firstLine].Trim(), OneLine(original), OneLine(mutant.GetProperty("replacement").GetString()!), 1);

        // Stryker counts from 1.
        (int Line, int Column) Place(string end)
        {
            JsonElement place = mutant.GetProperty("location").GetProperty(end);
            return (place.GetProperty("line").GetInt32() - 1, place.GetProperty("column").GetInt32() - 1);
        }
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
