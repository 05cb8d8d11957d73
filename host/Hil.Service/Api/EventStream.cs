using System.Text.Json;
using Hil.Jobs;
using Hil.Service.Queue;
using Microsoft.AspNetCore.Http;

namespace Hil.Service.Api;

/// <summary>
/// A job's progress as server-sent events: each recorded event with its number as id, so that a reader resumes by
/// <c>Last-Event-ID</c>; then one event <c>end</c> with the job, and the stream closes.
/// </summary>
internal static class EventStream
{
    private static readonly JsonSerializerOptions OneLine = new(CanonicalJson.Options) { WriteIndented = false };

    /// <summary>How often a silent stream says that it is alive.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static async Task WriteAsync(HttpContext context, JobQueue queue, string id)
    {
        CancellationToken gone = context.RequestAborted;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        _ = long.TryParse(context.Request.Headers["Last-Event-ID"], out long last);
        while (true)
        {
            Task change = queue.NextChange;
            QueuedJob job = queue.Find(id)!;
            foreach (NumberedEvent e in queue.EventsAfter(id, last))
            {
                await SendAsync(context, $"id: {e.Number}\nevent: progress\ndata: {JsonSerializer.Serialize(e.Event, OneLine)}\n\n");
                last = e.Number;
            }

            if (job.Ended)
            {
                await SendAsync(context, $"event: end\ndata: {JsonSerializer.Serialize(JobView.Of(job), OneLine)}\n\n");
                return;
            }

            try
            {
                await change.WaitAsync(Heartbeat, gone);
            }
            catch (TimeoutException)
            {
                await SendAsync(context, ": alive\n\n");
            }
        }
    }

    private static async Task SendAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
