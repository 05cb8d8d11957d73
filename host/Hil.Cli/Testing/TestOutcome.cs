namespace Hil.Cli.Testing;

internal enum Outcome
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>What became of one test; the message is the failure's or the skip's reason.</summary>
internal sealed record TestOutcome(string Name, Outcome Outcome, string Message)
{
    /// <summary>
    /// A skip for want of a physical board: the one capability that no requirement can conjure up. Tests say it
    /// in their reason with the words "physical board".
    /// </summary>
    public bool NeedsBoard =>
        Outcome == Outcome.Skipped && Message.Contains("physical board", StringComparison.OrdinalIgnoreCase);

    /// <summary>This outcome, a skip being a failure where everything is required.</summary>
    public TestOutcome Under(Requirement requirement) =>
        requirement == Requirement.All && Outcome == Outcome.Skipped && !NeedsBoard
            ? this with { Outcome = Outcome.Failed, Message = $"skipped, but required: {Message}" }
            : this;
}

/// <summary>The outcomes of one test project.</summary>
internal sealed record SuiteOutcome(string Name, double Seconds, IReadOnlyList<TestOutcome> Tests)
{
    public int Count(Outcome outcome) => Tests.Count(t => t.Outcome == outcome);
}
