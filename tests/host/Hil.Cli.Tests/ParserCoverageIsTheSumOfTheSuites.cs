using System.Text.Json;
using Hil.Cli.Testing;

namespace Hil.Cli.Tests;

/// <summary>Counts of several test projects make one verdict for each parser.</summary>
public sealed class ParserCoverageIsTheSumOfTheSuites : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hil-coverage-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_branch_that_one_project_takes_is_taken()
    {
        Report("one", 1, 0);
        Report("two", 0, 3);

        Assert.Equal(Outcome.Passed, Of("npz").Outcome);
        Assert.Contains("2 of 2", Of("npz").Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_branch_that_none_takes_fails_and_is_named()
    {
        Report("one", 1, 0);

        Assert.Equal(Outcome.Failed, Of("npz").Outcome);
        Assert.Contains("host/Hil.Models/Data/NpzFile.cs:7", Of("npz").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parser_that_nobody_counted_fails()
    {
        Report("one", 1, 1);

        Assert.Equal(Outcome.Failed, Of("job").Outcome);
    }

    private TestOutcome Of(string parser) =>
        ParserCoverage.Judge(_folder, "/repository").Tests.Single(t => t.Name.StartsWith(parser + ":", StringComparison.Ordinal));

    /// <summary>A file with a line of two branches, as coverlet writes it.</summary>
    private void Report(string project, params int[] hits)
    {
        var branches = hits.Select((h, i) => new { Line = 7, Offset = 5, EndOffset = 9, Path = i, Ordinal = i, Hits = h });
        var file = new Dictionary<string, object>
        {
            ["Hil.Models.dll"] = new Dictionary<string, object>
            {
                ["/repository/host/Hil.Models/Data/NpzFile.cs"] = new { Type = new { Method = new { Lines = new { }, Branches = branches } } },
            },
        };
        File.WriteAllText(
            Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, project)).FullName, "coverage.json"), JsonSerializer.Serialize(file));
    }
}
