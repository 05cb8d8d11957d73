using Hil.Contract;
using Hil.Jobs;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;
using Hil.Service.Queue;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hil.Service.Api;

/// <summary>The routes of the service.</summary>
internal static class JobsApi
{
    private const int ListedJobs = 200;
    private const int LongestKey = 200;

    public static void MapJobs(this WebApplication app, ServiceOptions options, JobQueue queue, ObjectStore store, JobWorker worker)
    {
        app.Use(TurnErrorsIntoAnswers);
        var submission = new Submission(store, options.MaxUploadBytes);

        app.MapGet("/", () => Html(JobsPage.Render([.. queue.Newest(ListedJobs).Select(JobView.Of)])));

        app.MapGet("/health", () => Json(new
        {
            Schema = "hil.service.health/1",
            Status = "ok",
            Jobs = queue.CountByState(),
        }));

        app.MapPost("/jobs", async (HttpRequest request, CancellationToken cancel) =>
        {
            string? key = request.Headers["Idempotency-Key"] is [{ Length: > 0 and <= LongestKey } k] ? k : null;
            JobSpec spec = request switch
            {
                { HasFormContentType: true } => await submission.ReadAsync(await FormOf(request, cancel), cancel),
                _ when request.HasJsonContentType() => await new ProjectSubmission(store, options.MaxUploadBytes).ReadAsync(request.Body, cancel),
                _ => throw new HilException(ExitKind.BadInput, "a job is posted as a form, or as a project in JSON.", "request",
                    "Send multipart/form-data, for example: curl -F model=@model.onnx -F calib=@calib.npz."),
            };
            QueuedJob job = queue.Accept(spec, key);
            // A form in the page wants to see the list again; a program wants the job.
            return request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
                ? Results.Redirect("/")
                : Json(JobView.Of(job), StatusCodes.Status202Accepted, $"/jobs/{job.Id}");
        }).DisableAntiforgery();

        app.MapGet("/jobs", () => Json(new
        {
            Schema = "hil.service.jobs/1",
            Jobs = queue.Newest(ListedJobs).Select(JobView.Of),
        }));

        app.MapGet("/jobs/{id}", (string id) =>
            queue.Find(id) is { } job ? Json(JobView.Of(job)) : Results.NotFound());

        app.MapDelete("/jobs/{id}", (string id) =>
        {
            if (queue.Find(id) is null)
            {
                return Results.NotFound();
            }

            worker.Cancel(id);
            return Json(JobView.Of(queue.Find(id)!), StatusCodes.Status202Accepted);
        });

        app.MapGet("/jobs/{id}/events", async (string id, HttpContext context) =>
        {
            if (queue.Find(id) is null)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            await EventStream.WriteAsync(context, queue, id);
        });

        app.MapGet("/jobs/{id}/artefacts", (string id) => queue.Find(id) is { } job
            ? Json(job.Outcome?.Manifest ?? new Manifest(Manifest.CurrentSchema, job.Spec.Hash(), []))
            : Results.NotFound());

        app.MapGet("/jobs/{id}/artefacts/{name}", (string id, string name, HttpContext context) =>
        {
            if (queue.Find(id)?.Outcome?.Manifest[name] is not { } artefact)
            {
                return Results.NotFound();
            }

            // A report is a document from a job, not a part of this service: it may run its own script and fetch nothing.
            context.Response.Headers.ContentSecurityPolicy =
                "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return Results.File(store.PathOf(artefact.Sha256), ContentType(name),
                entityTag: new($"\"{artefact.Sha256}\""));
        });
    }

    /// <summary>The form; one that breaks off is the sender's fault, not this service's.</summary>
    private static async Task<IFormCollection> FormOf(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            return await request.ReadFormAsync(cancel);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new HilException(ExitKind.BadInput, $"the form breaks off: {e.Message}", "request", "Send the whole form.", e);
        }
    }

    private static async Task TurnErrorsIntoAnswers(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (HilException e)
        {
            context.Response.StatusCode = e.Kind is ExitKind.Device
                ? StatusCodes.Status500InternalServerError
                : StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(ErrorView.Of(e), CanonicalJson.Options);
        }
        catch (Exception e) when (e is BadHttpRequestException or InvalidDataException && !context.Response.HasStarted)
        {
            context.Response.StatusCode =
                (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(
                new ErrorView("hil.error/1", ExitKind.BadInput, e.Message, "request", "Correct the request."),
                CanonicalJson.Options);
        }
    }

    private static JsonAnswer Json<T>(T value, int status = StatusCodes.Status200OK, string? location = null) =>
        new JsonAnswer(CanonicalJson.Bytes(value), status, location);

    private static IResult Html(string page) => Results.Content(page, "text/html; charset=utf-8");

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".json" => "application/json",
        _ => "application/octet-stream",
    };

    private sealed class JsonAnswer(byte[] body, int status, string? location) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json";
            if (location is not null)
            {
                httpContext.Response.Headers.Location = location;
            }

            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
