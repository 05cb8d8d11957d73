using System.Net;
using System.Text;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Jobs;
using Hil.Jobs.Specs;
using Hil.Service.Queue;

namespace Hil.Service.Api;

/// <summary>The one page: jobs with their reports, and a form for another one. Works without script.</summary>
internal static class JobsPage
{
    public const string ReportName = "report.html";

    private const string Style = """
        :root { color-scheme: light dark; --bg: #fbfbfa; --panel: #fff; --ink: #1c2126; --soft: #5a646e; --line: #dfe3e6;
          --done: #18794e; --failed: #b3261e; --running: #0b68cb; --link: #1f5fa8; }
        @media (prefers-color-scheme: dark) { :root { --bg: #14171a; --panel: #1b1f23; --ink: #e4e8eb; --soft: #9aa5af; --line: #30363c;
          --done: #4cc38a; --failed: #f2867c; --running: #52a9ff; --link: #7db4f0; } }
        * { box-sizing: border-box; }
        body { font: 14px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; max-width: 1180px; margin: 0 auto; padding: 20px;
          background: var(--bg); color: var(--ink); }
        h1 { font-size: 20px; margin: 0; } h2 { font-size: 15px; margin: 0 0 8px; } p { margin: 2px 0 0; color: var(--soft); }
        section { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 14px 16px; margin: 14px 0; overflow-x: auto; }
        .forms { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 0 14px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th { color: var(--soft); font-size: 12.5px; font-weight: 600; }
        th, td { text-align: left; padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        tr:last-child td { border-bottom: 0; } td:first-child, td.report { white-space: nowrap; } td.report { font-weight: 600; } td.files { font-size: 12.5px; }
        td.state { font-weight: 600; } .Done { color: var(--done); } .Failed { color: var(--failed); } .Running { color: var(--running); }
        small { display: block; font-weight: 400; color: var(--ink); max-width: 34rem; }
        a { color: var(--link); }
        form { display: grid; grid-template-columns: max-content 1fr; gap: 6px 12px; align-items: center; }
        select, input, button { font: inherit; min-width: 0; } button { justify-self: start; padding: 3px 18px; }
        """;

    /// <summary>Brings the list up to date and leaves the forms alone; where there is no script, the page is loaded anew.</summary>
    private const string Script = """
        setInterval(async function () {
          if (document.hidden || !document.querySelector('#jobs[data-busy]')) return;
          try {
            const page = new DOMParser().parseFromString(await (await fetch('/')).text(), 'text/html');
            document.querySelector('#jobs').replaceWith(page.querySelector('#jobs'));
          } catch { /* the service is away: the next round asks again */ }
        }, 2000);
        """;

    public static string Render(IReadOnlyList<JobView> jobs)
    {
        bool busy = jobs.Any(j => j.State is JobState.Queued or JobState.Running);
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>HIL jobs</title>")
            .Append("<meta name=\"viewport\" content=\"width=device-width\">")
            .Append(busy ? "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>" : "")
            .Append($"<style>{Style}</style></head><body><h1>HIL Framework: jobs</h1>")
            .Append("<p>This machine only. The same jobs by program: <code>POST /jobs</code>, see docs/service.md.</p>");
        page.Append($"<section id=\"jobs\"{(busy ? " data-busy" : "")}><table><thead><tr><th>accepted (UTC)</th><th>model</th><th>machine</th><th>device</th>")
            .Append("<th>state</th><th>exit</th><th>report</th><th>files</th></tr></thead><tbody>");
        foreach (JobView job in jobs)
        {
            AppendRow(page, job);
        }

        page.Append("</tbody></table>");
        page.Append(jobs.Count == 0 ? "<p>No job yet. Run the bundled model below: it needs nothing but the button.</p>" : "");
        page.Append("</section>");
        AppendForm(page);
        return page.Append($"<script>{Script}</script></body></html>").ToString();
    }

    private static void AppendRow(StringBuilder page, JobView job)
    {
        string Link(string name, string text) => $"<a href=\"/jobs/{job.Id}/artefacts/{Uri.EscapeDataString(name)}\">{Text(text)}</a>";
        string report = job.Artefacts.Any(a => a.Name == ReportName) ? Link(ReportName, "report") : "";
        string files = string.Join(", ", job.Artefacts.Where(a => a.Name != ReportName).Select(a => Link(a.Name, a.Name)));
        string error = job.Error is { } e ? $"<small>{Text($"{e.Where}: {e.What} {e.WhatToDo}")}</small>" : "";
        page.Append("<tr>")
            .Append($"<td>{job.Accepted.UtcDateTime:yyyy-MM-dd HH:mm:ss}</td>")
            .Append($"<td><a href=\"/jobs/{job.Id}\">{Text(job.Model)}</a></td>")
            .Append($"<td>{Text(job.Machine)}</td><td>{Text(job.Device)}</td>")
            .Append(job.ExitCode == (int)ExitKind.GateFailed ? "<td class=\"state Failed\">Done, a gate failed</td>" : $"<td class=\"state {job.State}\">{job.State}{error}</td>")
            .Append($"<td>{job.ExitCode}</td><td class=\"report\">{report}</td><td class=\"files\">{files}</td></tr>");
    }

    private static void AppendForm(StringBuilder page)
    {
        string machines = string.Concat(MachineFile.BundledNames.Select(m => $"<option{(m == Project.DefaultMachine ? " selected" : "")}>{Text(m)}</option>"));
        string models = string.Concat(BundledModel.All.Select(m => $"<option>{Text(m.Name)}</option>"));
        page.Append($"""
            <div class="forms"><section><h2>Run the bundled model</h2>
            <form method="post" action="/jobs" enctype="multipart/form-data">
            <label for="b">model</label><select id="b" name="model">{models}</select>
            <label for="bm">machine</label><select id="bm" name="machine">{machines}</select>
            <label for="bs">samples</label><input id="bs" name="samples" type="number" min="1" value="20">
            <span></span><button>Run</button></form></section>
            <section><h2>Run your own</h2>
            <form method="post" action="/jobs" enctype="multipart/form-data">
            <label for="m">model (.onnx, .hilp)</label><input id="m" name="model" type="file" required>
            <label for="c">samples for ranges (.npz), for .onnx</label><input id="c" name="calib" type="file">
            <label for="d">samples to run (.npz)</label><input id="d" name="data" type="file" required>
            <label for="mm">machine</label><select id="mm" name="machine">{machines}</select>
            <label for="bi">lengths of symbolic dimensions</label><input id="bi" name="bind" placeholder="batch=1,seq=64">
            <span></span><button>Run</button></form></section></div>
            """);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
