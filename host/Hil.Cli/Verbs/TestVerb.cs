using System.CommandLine;
using Hil.Cli.Testing;

namespace Hil.Cli.Verbs;

internal static class TestVerb
{
    public static Command Create(Terminal terminal)
    {
        var require = new Option<string>("--require")
        {
            Description = "'all' makes every skipped test, but that of a physical board, a failure.",
            HelpName = "none|all",
            DefaultValueFactory = _ => "none",
        };
        require.AcceptOnlyFromAmong("none", "all");
        var full = new Option<bool>("--full") { Description = "The long version of every suite." };
        var suite = new Option<string[]>("--suite")
        {
            Description = "Only the test projects whose name contains this (may be repeated); default: all.",
            DefaultValueFactory = _ => [],
        };
        var filter = new Option<string>("--filter")
        {
            Description = "Only the tests that match this `dotnet test` filter; default: all.",
            DefaultValueFactory = _ => "",
        };
        var json = new Option<bool>("--json") { Description = "Results as JSON on standard output." };
        var command = new Command("test", AllVerbs.Describe(
            "Build everything and run every test that this machine can; say what is skipped and why.",
            "test --require all", "test --suite Emulator"))
        {
            require, full, suite, filter, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new TestOptions(
                Require: parsed.GetValue(require) == "all" ? Requirement.All : Requirement.None,
                Full: parsed.GetValue(full),
                Suites: parsed.GetValue(suite)!,
                Filter: parsed.GetValue(filter)!,
                Json: parsed.GetValue(json));
            return await new TestRun(options, RepositoryRoot.Find(), terminal).RunAsync(cancel);
        });
        return command;
    }
}
