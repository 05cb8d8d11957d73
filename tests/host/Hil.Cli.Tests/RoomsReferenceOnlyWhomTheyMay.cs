using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hil.Cli.Tests;

/// <summary>Who may call whom, as `docs/architecture.md` says; read from the project files.</summary>
public sealed partial class RoomsReferenceOnlyWhomTheyMay
{
    /// <summary>Contract may be used by all and is not repeated.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Hil.Contract"] = [],
        ["Hil.Models"] = [],
        ["Hil.Compression"] = ["Hil.Models"],
        ["Hil.Compiler"] = ["Hil.Models"],
        ["Hil.Links"] = [],
        ["Hil.Emulator"] = [],
        ["Hil.Predict"] = [],
        ["Hil.Explore"] = ["Hil.Predict", "Hil.Compiler"],
        ["Hil.Devices"] = ["Hil.Links", "Hil.Emulator"],
        ["Hil.Reconcile"] = [],
        ["Hil.Jobs"] =
        [
            "Hil.Models", "Hil.Compression", "Hil.Compiler", "Hil.Devices", "Hil.Reconcile", "Hil.Predict",
            "Hil.Explore",
        ],
        ["Hil.Service"] = ["Hil.Jobs", "Hil.Devices"],
        ["Hil.Cli"] = ["Hil.Jobs", "Hil.Service"],
    };

    public static TheoryData<string> Projects() => [.. ProjectFiles().Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_the_rooms_it_may(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out string[]? rooms), $"{project} is not in the table.");
        IEnumerable<string> references = XDocument.Load(ProjectFiles()[project])
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));
        Assert.Empty(references.Except([.. rooms, "Hil.Contract"]));
    }

    [Fact]
    public void The_contract_depends_on_nothing() =>
        Assert.Empty(XDocument.Load(ProjectFiles()["Hil.Contract"]).Descendants("ProjectReference"));

    /// <summary>A transitive reference compiles too, so what the sources name counts as well.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void A_source_file_names_only_the_rooms_it_may(string project)
    {
        string[] known = [.. Allowed.Keys];
        string[] forbidden =
        [
            .. Sources(project)
                .SelectMany(file => Using().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value))
                .Where(room => known.Contains(room) && room != project && room != "Hil.Contract")
                .Except(Allowed[project])
                .Distinct(),
        ];
        Assert.Empty(forbidden);
    }

    [Fact]
    public void A_file_in_a_room_declares_a_namespace_of_that_room()
    {
        string[] strangers =
        [
            .. Allowed.Keys.Where(ProjectFiles().ContainsKey).SelectMany(project => Sources(project)
                .Where(file => Namespace().Match(File.ReadAllText(file)) is { Success: true } match
                    && match.Groups[1].Value != project
                    && !match.Groups[1].Value.StartsWith(project + ".", StringComparison.Ordinal))),
        ];
        Assert.Empty(strangers);
    }

    private static Dictionary<string, string> ProjectFiles() =>
        new[] { "host", "sim" }
            .SelectMany(room => Directory.EnumerateFiles(
                Path.Combine(RepositoryRoot.Find(), room), "*.csproj", SearchOption.AllDirectories))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file)!);

    private static IEnumerable<string> Sources(string project) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(ProjectFiles()[project])!, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
                    StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}",
                    StringComparison.Ordinal));

    [GeneratedRegex(@"\b(?:using(?: static)?|global::)\s*(Hil\.[A-Z]\w+)")]
    private static partial Regex Using();

    [GeneratedRegex(@"^namespace (Hil\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
