using System.CommandLine;
using System.CommandLine.Parsing;
using Hil.Contract;

namespace Hil.Cli;

/// <summary>Refuses a command that would write over a file that it reads, or write two results to one file.</summary>
internal static class OutputGuard
{
    /// <summary>The options that name a file to write, whichever verb has them.</summary>
    private static readonly HashSet<string> Written = ["--out", "--report", "--prediction", "--measurement", "--outcomes", "--program", "--junit", "--summary", "--trace", "--waves", "--toggles"];

    /// <exception cref="HilException">Usage, naming the file.</exception>
    public static void Check(CommandResult command)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        var read = new HashSet<string>(StringComparer.Ordinal);
        foreach (SymbolResult child in command.Children)
        {
            bool isOutput = child is OptionResult option && Written.Contains(option.Option.Name);
            foreach (Token token in child.Tokens)
            {
                if (isOutput && !written.Add(FullPath(token.Value)))
                {
                    throw new HilException(ExitKind.Usage, "two results would be written to it.", token.Value, "Name different files.");
                }

                if (!isOutput && File.Exists(token.Value))
                {
                    read.Add(FullPath(token.Value));
                }
            }
        }

        foreach (string path in written.Where(read.Contains))
        {
            throw Over(path);
        }
    }

    /// <exception cref="HilException">Usage: both are one file.</exception>
    public static void Check(string read, string written)
    {
        if (FullPath(read) == FullPath(written))
        {
            throw Over(written);
        }
    }

    private static HilException Over(string path) =>
        new(ExitKind.Usage, "the result would be written over a file that is read.", path, "Name another file with --out or the option that gave this one.");

    /// <summary>Where a path leads to, links followed.</summary>
    private static string FullPath(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return path;
        }
    }
}
