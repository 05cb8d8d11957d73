using System.Net;
using System.Text;
using Hil.Contract.Machines;
using Hil.Jobs;
using Hil.Service.Queue;

namespace Hil.Service.Api;

/// <summary>The one page: jobs with their reports, and a form for another one. Works without script.</summary>
internal static class JobsPage
{
    public const string ReportName = "report.html";

    private const string Style = """
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
        td.state { font-weight: 600; }
        .Done { color: #18794e; } .Failed { color: #cd2b31; } .Running { color: #0b68cb; }
        @media (prefers-color-scheme: dark) { .Done { color: #4cc38a; } .Failed { color: #ff6369; } .Running { color: #52a9ff; } }
        form { display: grid; grid-template-columns: max-content 1fr; gap: .4rem .8rem; max-width: 36rem; }
        small { opacity: .75; }
        """;

    public static string Render(IReadOnlyList<JobView> jobs)
    {
        bool busy = jobs.Any(j => j.State is JobState.Queued or JobState.Running);
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>HIL jobs</title>")
            .Append("<meta name=\"viewport\" content=\"width=device-width\">")
            .Append(busy ? "<meta http-equiv=\"refresh\" content=\"2\">" : "")
            .Append($"<style>{Style}</style></head><body><h1>Jobs</h1>");
        page.Append("<table><thead><tr><th>accepted</th><th>model</th><th>machine</th><th>device</th><th>state</th>")
            .Append("<th>exit</th><th>report</th></tr></thead><tbody>");
        foreach (JobView job in jobs)
        {
            AppendRow(page, job);
        }

        page.Append("</tbody></table>");
        page.Append(jobs.Count == 0 ? "<p>No job yet.</p>" : "");
        AppendForm(page);
        return page.Append("</body></html>").ToString();
    }

    private static void AppendRow(StringBuilder page, JobView job)
    {
        string files = string.Join(", ", job.Artefacts.OrderBy(a => a.Name != ReportName).Select(a =>
            $"<a href=\"/jobs/{job.Id}/artefacts/{Uri.EscapeDataString(a.Name)}\">{Text(a.Name)}</a>"));
        string error = job.Error is { } e ? $"<br><small>{Text($"{e.Where}: {e.What} {e.WhatToDo}")}</small>" : "";
        page.Append("<tr>")
            .Append($"<td>{job.Accepted:yyyy-MM-dd HH:mm:ss}</td>")
            .Append($"<td><a href=\"/jobs/{job.Id}\">{Text(job.Model)}</a></td>")
            .Append($"<td>{Text(job.Machine)}</td><td>{Text(job.Device)}</td>")
            .Append($"<td class=\"state {job.State}\">{job.State}{error}</td>")
            .Append($"<td>{job.ExitCode}</td><td>{files}</td></tr>");
    }

    private static void AppendForm(StringBuilder page)
    {
        string machines = string.Concat(MachineFile.BundledNames.Select(m => $"<option>{Text(m)}</option>"));
        string models = string.Concat(BundledModel.All.Select(m => $"<option>{Text(m.Name)}</option>"));
        page.Append($"""
            <h2>Run the bundled model</h2>
            <form method="post" action="/jobs" enctype="multipart/form-data">
            <label for="b">model</label><select id="b" name="model">{models}</select>
            <label for="bm">machine</label><select id="bm" name="machine">{machines}</select>
            <label for="bs">samples</label><input id="bs" name="samples" type="number" min="1" value="20">
            <span></span><button>Run</button></form>
            <h2>Run your own</h2>
            <form method="post" action="/jobs" enctype="multipart/form-data">
            <label for="m">model (.onnx, .hilp)</label><input id="m" name="model" type="file" required>
            <label for="c">samples for ranges (.npz)</label><input id="c" name="calib" type="file" required>
            <label for="d">samples to run (.npz)</label><input id="d" name="data" type="file" required>
            <label for="mm">machine</label><select id="mm" name="machine">{machines}</select>
            <span></span><button>Run</button></form>
            """);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
