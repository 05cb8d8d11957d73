using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Contract.Machines;
using Hil.Jobs;
using Hil.Jobs.Steps;

namespace Hil.Cli.Verbs;

/// <summary>What verbs print and write at their end.</summary>
internal static class Outputs
{
    private const int ShownHashDigits = 12;

    public static Option<string?> Report() => new("--report")
    {
        Description = "Write the report as one HTML file; default: it stays in the store.",
        HelpName = "file",
    };

    public static int Conclude(Terminal terminal, FinishedJob job, Machine machine, bool json, string? report)
    {
        if (report is not null)
        {
            job.Export(ArtefactNames.Report, report);
        }

        if (json)
        {
            Write(terminal, job.Read(ArtefactNames.Result));
        }
        else
        {
            foreach (string line in ResultText.Lines(job.Result, machine))
            {
                terminal.Out.WriteLine(line);
            }

            terminal.Out.WriteLine(ResultText.Row("job", $"{job.Outcome.Manifest.SpecHash[..ShownHashDigits]}, for `hil compare`"));
            terminal.Out.WriteLine(ResultText.Row("report", report ?? "none written; add --report out.html"));
        }

        return (int)job.Outcome.Exit;
    }

    public static void Write(Terminal terminal, JsonObject value) => Write(terminal, CanonicalJson.Bytes(value));

    private static void Write(Terminal terminal, byte[] json) => terminal.Out.Write(Encoding.UTF8.GetString(json));
}
