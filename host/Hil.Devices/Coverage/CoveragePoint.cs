using System.Globalization;

namespace Hil.Devices.Coverage;

/// <summary>What a count of Verilator's coverage is of.</summary>
public enum CoverageKind
{
    /// <summary>A part of a line of the sources.</summary>
    Line,

    /// <summary>One bit of a signal, each change of it.</summary>
    Toggle,
}

/// <summary>One count of Verilator's coverage, in one instance of a module.</summary>
/// <param name="Module">As in the sources, without the parameters of the instance.</param>
/// <param name="Instance">Its place in the core: <c>u_load.u_stream</c>; empty for the core itself.</param>
/// <param name="File">The source, without its folder.</param>
/// <param name="Line">Of the source, from 1.</param>
/// <param name="Name">Of a line what Verilator calls the part: <c>block</c>, <c>if</c>, <c>else</c>, <c>case</c> and so on; of a toggle the bit: <c>state_q[3]</c>.</param>
public sealed record CoveragePoint(CoverageKind Kind, string Module, string Instance, string File, int Line, string Name, long Count)
{
    private const char KeyMark = '\u0001';
    private const char ValueMark = '\u0002';
    private const string Top = "hil_core";

    /// <summary>Reads the lines of a file that Verilator wrote, one count a line.</summary>
    /// <exception cref="InvalidDataException">They are no coverage of Verilator.</exception>
    public static IReadOnlyList<CoveragePoint> Parse(IEnumerable<string> lines) =>
        [.. lines.Where(l => l.StartsWith("C '", StringComparison.Ordinal)).Select(Parse)];

    private static CoveragePoint Parse(string line)
    {
        int end = line.LastIndexOf('\'');
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in line[3..Math.Max(end, 3)].Split(KeyMark, StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split(ValueMark);
            if (parts.Length == 2) keys[parts[0]] = parts[1];
        }

        // "v_line/hil_load__P3": the kind, and the module with a number or values for its parameters.
        if (keys.GetValueOrDefault("page")?.Split('/') is not [var kind, var module] || kind is not ("v_line" or "v_branch" or "v_toggle")
            || !keys.TryGetValue("f", out string? file) || !keys.TryGetValue("o", out string? name) || !keys.TryGetValue("h", out string? place)
            || !int.TryParse(keys.GetValueOrDefault("l"), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || !long.TryParse(line.AsSpan(end + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            throw new InvalidDataException($"No coverage of Verilator: {line}");
        int top = place.IndexOf(Top, StringComparison.Ordinal);
        return new CoveragePoint(
            kind == "v_toggle" ? CoverageKind.Toggle : CoverageKind.Line, module.Split("__", 2)[0],
            top < 0 ? place : place[(top + Top.Length)..].TrimStart('.'), Path.GetFileName(file), number, name, count);
    }
}
