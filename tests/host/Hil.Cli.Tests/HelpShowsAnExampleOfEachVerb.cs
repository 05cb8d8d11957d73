using System.CommandLine;
using Hil.Cli.Verbs;

namespace Hil.Cli.Tests;

public sealed class HelpShowsAnExampleOfEachVerb
{
    private static readonly string[] Promised =
    [
        "demo", "init", "ci", "compare", "inspect", "quantize", "export", "prune", "compile", "asm", "disasm", "run", "diff", "predict", "reconcile", "gemm", "machines",
        "build", "devices", "serve", "doctor", "test",
    ];

    private static Command[] Commands() =>
        [.. AllVerbs.Create(new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, Interactive: false))];

    public static TheoryData<string> Verbs() => [.. Promised];

    [Fact]
    public void There_are_exactly_the_promised_verbs() =>
        Assert.Equal(Promised.Order(), Commands().Select(c => c.Name).Order());

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_has_an_example_and_every_verb_gives_json(string verb)
    {
        CommandRun help = await CommandRun.Of(verb, "--help");
        Assert.Equal(0, help.Exit);
        Assert.Contains($"hil {verb}", help.Out, StringComparison.Ordinal);
        Assert.Contains("Example:", help.Out, StringComparison.Ordinal);
        Assert.Contains("--json", help.Out, StringComparison.Ordinal);
    }

    /// <summary>The examples are commands that the parser takes.</summary>
    [Theory]
    [MemberData(nameof(Verbs))]
    public void Each_example_is_a_legal_command(string verb)
    {
        var root = new RootCommand();
        foreach (Command command in Commands())
        {
            root.Subcommands.Add(command);
        }

        string description = Commands().Single(c => c.Name == verb).Description!;
        string[] examples = [.. description.Split('\n').Where(l => l.StartsWith("  hil ", StringComparison.Ordinal))];
        Assert.NotEmpty(examples);
        Assert.All(examples, e => Assert.Empty(root.Parse(e.Trim()["hil ".Length..].Split(" > ")[0]).Errors));
    }

    [Fact]
    public void The_readme_names_only_verbs_that_exist()
    {
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "README.md"));
        IEnumerable<string> named = System.Text.RegularExpressions.Regex.Matches(readme, @"\./hil (\w+)")
            .Select(m => m.Groups[1].Value);
        Assert.Empty(named.Except(Promised));
        Assert.Contains("demo", named);
    }
}
