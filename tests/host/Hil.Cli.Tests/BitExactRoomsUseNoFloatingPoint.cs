using System.Text.RegularExpressions;

namespace Hil.Cli.Tests;

/// <summary>
/// The analyzer bans floating-point functions by symbol but cannot ban the keywords `float` and `double`; this reads
/// the sources for them.
/// </summary>
public sealed partial class BitExactRoomsUseNoFloatingPoint
{
    [Theory]
    [InlineData("sim/Hil.Emulator")]
    [InlineData("host/Hil.Contract/Isa")]
    [InlineData("host/Hil.Contract/Numerics")]
    [InlineData("tests/loop/Hil.Specification")]
    public void No_source_line_declares_a_floating_point_value(string folder)
    {
        string path = Path.Combine(RepositoryRoot.Find(), folder);
        string[] found = !Directory.Exists(path)
            ? []
            : [.. Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Replace('\\', '/').Contains("/obj/", StringComparison.Ordinal))
                .SelectMany(file => File.ReadLines(file)
                    .Where(line => Floating().IsMatch(line.Split("//")[0]))
                    .Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"))];
        Assert.Empty(found);
    }

    [GeneratedRegex(@"(?<![""\w])(float|double|decimal)(?![""\w])")]
    private static partial Regex Floating();
}
