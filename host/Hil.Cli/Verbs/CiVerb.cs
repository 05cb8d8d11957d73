using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Hil.Cli.Ci;
using Hil.Cli.Jobs;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;

namespace Hil.Cli.Verbs;

/// <summary>Runs a project for a machine that has no person before it: a gate table, files for its pages, an exit code.</summary>
internal static class CiVerb
{
    /// <summary>Where GitHub Actions shows Markdown of a step (its documentation, "Adding a job summary").</summary>
    private const string GitHubSummary = "GITHUB_STEP_SUMMARY";

    public static Command Create(Terminal terminal)
    {
        Option<string?> project = CommonOptions.ProjectFile();
        Option<string> device = CommonOptions.Device();
        Option<int?> samples = CommonOptions.Samples();
        var junit = File("--junit", "Write the gates as JUnit XML; default: not written.");
        var summary = File("--summary", $"Write the table as Markdown; default: only to the page of a GitHub step ({GitHubSummary}).");
        Option<string?> report = Outputs.Report();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("ci", AllVerbs.Describe(
            "Run the project of this folder and hold it against its gates: a table, JUnit XML, Markdown, an exit code. Needs no board.",
            "ci --junit hil.xml --summary hil.md --report report.html"))
        {
            project, device, samples, junit, summary, report, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string file = parsed.GetValue(project) ?? ProjectFile.DefaultName;
            var clock = Stopwatch.StartNew();
            CiOutcome outcome;
            FinishedJob? finished = null;
            string title = file;
            try
            {
                Project p = ProjectFile.Load(file);
                p = p with { Device = parsed.Typed(device) ?? p.Device, Samples = parsed.GetValue(samples) ?? p.Samples };
                title = $"{p.Model} on {p.Machine ?? Project.DefaultMachine}, device {p.Device ?? JobOptions.Emulator}";
                LocalJob job = p.ToJob(Path.GetDirectoryName(Path.GetFullPath(file))!);
                finished = await new JobSession(terminal).RunAsync(job, cancel);
                Machine machine = MachineFile.Parse(job.Read(job.Spec.Inputs[JobSpec.Machine]), "machine");
                outcome = new CiOutcome(title, GateRow.Of(finished.Result, machine), null, clock.Elapsed.TotalSeconds);
            }
            catch (HilException e)
            {
                outcome = new CiOutcome(title, [], e, clock.Elapsed.TotalSeconds);
            }

            if (parsed.GetValue(report) is { } page)
            {
                finished?.Export(ArtefactNames.Report, page);
            }

            Publish(outcome, parsed.GetValue(junit), parsed.GetValue(summary));
            if (parsed.GetValue(json))
            {
                Outputs.Write(terminal, outcome.ToJson(file));
            }
            else
            {
                foreach (string line in outcome.Lines())
                {
                    terminal.Out.WriteLine(line);
                }
            }

            if (outcome.Error is { } error)
            {
                terminal.Error.WriteLine($"hil: {error.Message}");
            }

            return (int)outcome.Exit;
        });
        return command;
    }

    private static void Publish(CiOutcome outcome, string? junit, string? summary)
    {
        if (junit is not null)
        {
            AtomicFile.Write(junit, outcome.ToJUnit());
        }

        if (summary is not null)
        {
            AtomicFile.Write(summary, Encoding.UTF8.GetBytes(outcome.ToMarkdown()));
        }

        if (Environment.GetEnvironmentVariable(GitHubSummary) is { Length: > 0 } page)
        {
            // The page belongs to the step: others write to it as well.
            System.IO.File.AppendAllText(page, outcome.ToMarkdown());
        }
    }

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "file" };
}
