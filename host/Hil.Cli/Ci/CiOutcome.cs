using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Hil.Contract;

namespace Hil.Cli.Ci;

/// <summary>What a project's run came to: its gate table, or the error that it ended with. As text, JUnit XML, Markdown and JSON.</summary>
/// <param name="Title">The model on its machine and device.</param>
/// <param name="Rows">Empty where there is no result.</param>
/// <param name="Seconds">That the run took.</param>
internal sealed record CiOutcome(string Title, IReadOnlyList<GateRow> Rows, HilException? Error, double Seconds)
{
    public ExitKind Exit => Error?.Kind ?? (Rows.Any(r => r.Passed == false) ? ExitKind.GateFailed : ExitKind.Done);

    private string Verdict => Error is not null ? "no result"
        : Exit == ExitKind.GateFailed ? $"{Rows.Count(r => r.Passed == false)} of {Rows.Count(r => r.Passed is not null)} gates failed"
        : $"{Rows.Count(r => r.Passed is not null)} gates held";

    public IEnumerable<string> Lines()
    {
        yield return Title;
        int name = Rows.Select(r => r.Name.Length).DefaultIfEmpty(0).Max();
        int value = Rows.Select(r => r.ValueText.Length).DefaultIfEmpty(0).Max();
        int limit = Rows.Select(r => r.LimitText.Length).DefaultIfEmpty(0).Max();
        foreach (GateRow r in Rows)
        {
            yield return $"  {r.Name.PadRight(name)}  {r.ValueText.PadLeft(value)}  {r.LimitText.PadRight(limit)}  {r.State}";
        }

        yield return Verdict;
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder($"### hil ci: {Verdict}\n\n{Cell(Title)}\n\n");
        if (Error is not null)
        {
            text.Append($"**{Cell(Error.Where)}**: {Cell(Error.What)} {Cell(Error.WhatToDo)}\n");
        }
        else
        {
            text.Append("| figure | value | limit | |\n|---|---:|---|---|\n");
            foreach (GateRow r in Rows)
            {
                string mark = r.Passed switch { null => "", true => "✅ held", false => "❌ **failed**" };
                text.Append($"| {Cell(r.Name)} | {Cell(r.ValueText)} | {Cell(r.LimitText)} | {mark} |\n");
            }
        }

        return text.Append('\n').ToString();
    }

    /// <summary>A test suite of one case a gate, in the form that Jenkins, GitLab and others read.</summary>
    public byte[] ToJUnit()
    {
        GateRow[] judged = [.. Rows.Where(r => r.Passed is not null)];
        string seconds = Seconds.ToString("0.000", CultureInfo.InvariantCulture);
        XElement[] cases =
        [
            .. judged.Select(r => Case(r.Name, r.Passed == false
                ? new XElement("failure", new XAttribute("message", $"{r.ValueText}, limit: {r.LimitText}"))
                : new XElement("system-out", $"{r.ValueText}, limit: {r.LimitText}"))),
            .. Error is null ? [] : new[] { Case("run", new XElement("error", new XAttribute("type", Error.Kind), new XAttribute("message", Clean(Error.Message)))) },
        ];
        var suite = new XElement("testsuite",
            new XAttribute("name", Clean(Title)),
            new XAttribute("tests", cases.Length),
            new XAttribute("failures", judged.Count(r => r.Passed == false)),
            new XAttribute("errors", Error is null ? 0 : 1),
            new XAttribute("time", seconds),
            cases);
        using var stream = new MemoryStream();
        using (var writer = System.Xml.XmlWriter.Create(stream, new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) }))
        {
            new XDocument(new XElement("testsuites", suite)).Save(writer);
        }

        return stream.ToArray();

        XElement Case(string name, XElement what) =>
            new("testcase", new XAttribute("classname", "hil.ci"), new XAttribute("name", Clean(name)), what);
    }

    public JsonObject ToJson(string project) => new()
    {
        ["schema"] = "hil.ci/1",
        ["project"] = project,
        ["title"] = Title,
        ["gates"] = new JsonArray([.. Rows.Select(r => r.ToJson())]),
        ["passed"] = Exit == ExitKind.Done,
        ["exitCode"] = (int)Exit,
        ["error"] = Error is null ? null : new JsonObject { ["what"] = Error.What, ["where"] = Error.Where, ["whatToDo"] = Error.WhatToDo },
    };

    /// <summary>Text that cannot end the cell of a table, nor become markup.</summary>
    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("\\", "\\\\").Replace("|", "\\|").Replace("<", "&lt;").Replace("`", "\\`");

    /// <summary>Without the control characters that XML 1.0 cannot hold.</summary>
    private static string Clean(string text) => string.Concat(text.Where(c => System.Xml.XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));
}
