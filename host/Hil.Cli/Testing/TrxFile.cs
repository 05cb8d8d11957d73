using System.Xml;
using System.Xml.Linq;

namespace Hil.Cli.Testing;

/// <summary>Reads the outcomes from a result file (TRX) of `dotnet test`.</summary>
internal static class TrxFile
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static IReadOnlyList<TestOutcome> Read(string path)
    {
        using var stream = File.OpenRead(path);
        // A failing test may print any character; the runner escapes those that XML forbids.
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { CheckCharacters = false });
        return Read(XDocument.Load(reader));
    }

    public static IReadOnlyList<TestOutcome> Read(XDocument document) =>
        [.. document.Descendants(Trx + "UnitTestResult").Select(Outcome)];

    private static TestOutcome Outcome(XElement result)
    {
        string name = (string?)result.Attribute("testName") ?? "(unnamed)";
        string message = result.Descendants(Trx + "Message").FirstOrDefault()?.Value.Trim() ?? "";
        string? stack = result.Descendants(Trx + "StackTrace").FirstOrDefault()?.Value;
        return (string?)result.Attribute("outcome") switch
        {
            "Passed" => new TestOutcome(name, Testing.Outcome.Passed, ""),
            "NotExecuted" => new TestOutcome(name, Testing.Outcome.Skipped,
                message.Length > 0 ? message : "no reason given"),
            // Failed, Error, Timeout, Aborted, or a word that is not known here.
            _ => new TestOutcome(name, Testing.Outcome.Failed,
                stack is null ? message : $"{message}\n{FirstLines(stack)}"),
        };
    }

    private static string FirstLines(string stack)
    {
        const int Shown = 6;
        return string.Join('\n', stack.Split('\n').Take(Shown).Select(l => l.TrimEnd()));
    }
}
