namespace Hil.Cli.Testing;

/// <summary>What a skipped test means for the result.</summary>
internal enum Requirement
{
    None,
    All,
}

/// <summary>What `hil test` was asked to run.</summary>
internal sealed record TestOptions(
    Requirement Require, bool Full, IReadOnlyList<string> Suites, string Filter, bool Json);
