using System.Text.Json.Nodes;

namespace Hil.Cli.Tests;

/// <summary>One run of the command line in this process, without a person at the terminal.</summary>
internal sealed record CommandRun(int Exit, string Out, string Error)
{
    public JsonNode Json => JsonNode.Parse(Out)!;

    public static async Task<CommandRun> Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = await CommandLine.RunAsync(args, new Terminal(TextReader.Null, output, error, Interactive: false));
        return new CommandRun(exit, output.ToString(), error.ToString());
    }
}
