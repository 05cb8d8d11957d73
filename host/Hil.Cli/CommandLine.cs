using System.CommandLine;
using System.CommandLine.Parsing;
using Hil.Cli.Verbs;
using Hil.Contract;

namespace Hil.Cli;

/// <summary>The verbs, and what becomes of their errors.</summary>
internal static class CommandLine
{
    /// <summary>Time that a cancelled verb has to clean up before the process ends.</summary>
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(10);

    /// <summary>Exit code of a run that Ctrl-C ended, as shells report it.</summary>
    private const int Interrupted = 130;

    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Print the stack trace of an error.",
        Recursive = true,
    };

    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        var root = new RootCommand(
            "Compress, compile, predict, run and reconcile transformers on a systolic array.\n\n"
            + "Start with: hil demo");
        root.Options.Add(Verbose);
        foreach (Command verb in AllVerbs.Create(terminal))
        {
            root.Subcommands.Add(verb);
        }

        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors)
            {
                terminal.Error.WriteLine($"hil: {error.Message}");
            }

            terminal.Error.WriteLine($"hil: see `{HelpCommand(parsed)}`");
            return (int)ExitKind.Usage;
        }

        try
        {
            OutputGuard.Check(parsed.CommandResult);
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = CleanUpTime,
                Output = terminal.Out,
                Error = terminal.Error,
            });
        }
        catch (Exception error)
        {
            return Report(error, parsed.GetValue(Verbose), terminal);
        }
    }

    private static int Report(Exception error, bool verbose, Terminal terminal)
    {
        (int code, string message) = error switch
        {
            HilException e => ((int)e.Kind, e.Message),
            OperationCanceledException => (Interrupted, "interrupted; nothing half-written was left."),
            FileNotFoundException or DirectoryNotFoundException =>
                ((int)ExitKind.BadInput, $"{error.Message} Check the path."),
            UnauthorizedAccessException or IOException =>
                ((int)ExitKind.BadInput, $"{error.Message} Check the path, its permissions and the free space."),
            _ => ((int)ExitKind.Device,
                $"internal error: {error.Message} ({error.GetType().Name}). Please report it with the output of --verbose."),
        };
        terminal.Error.WriteLine($"hil: {message}");
        if (verbose)
        {
            terminal.Error.WriteLine(error);
        }

        return code;
    }

    private static string HelpCommand(ParseResult parsed)
    {
        string name = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
        return $"hil {name}--help";
    }
}
