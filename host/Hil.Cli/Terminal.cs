namespace Hil.Cli;

/// <summary>Where a verb reads and writes: data to <see cref="Out"/>, progress and errors to <see cref="Error"/>.</summary>
/// <param name="Interactive">Whether a person sits at input, output and error, so that questions make sense.</param>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, bool Interactive)
{
    public static Terminal OfThisProcess()
    {
        // One writer in UTF-8 without a byte-order mark, whatever the console's code page is.
        var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var error = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
        bool interactive =
            !Console.IsInputRedirected && !Console.IsOutputRedirected && !Console.IsErrorRedirected;
        return new Terminal(Console.In, output, error, interactive);
    }

    /// <summary>A line of progress; never data.</summary>
    public void Progress(string line) => Error.WriteLine($"hil: {line}");

    /// <summary>Asks a yes-or-no question; without a person the answer is no.</summary>
    public bool Confirm(string question)
    {
        if (!Interactive)
        {
            return false;
        }

        Error.Write($"{question} [y/N] ");
        return In.ReadLine()?.Trim() is { } answer
            && (answer.Equals("y", StringComparison.OrdinalIgnoreCase)
                || answer.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }
}
