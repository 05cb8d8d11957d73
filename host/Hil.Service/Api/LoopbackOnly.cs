using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Hil.Service.Api;

/// <summary>
/// Refuses what does not come from this machine and for it. The socket listens on the loopback interface only; a page in
/// the user's browser reaches that too, by another name for 127.0.0.1 or by a form, and has no business here.
/// </summary>
internal static class LoopbackOnly
{
    public static void UseLoopbackOnly(this WebApplication app) => app.Use(async (context, next) =>
    {
        bool local = context.Connection.RemoteIpAddress is not { } remote || IPAddress.IsLoopback(remote);
        if (!local || !IsLoopbackName(context.Request.Host.Host) || IsForeign(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("This service is for this machine only.\n");
            return;
        }

        await next(context);
    });

    private static bool IsLoopbackName(string host) =>
        host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)
            && IPAddress.IsLoopback(address));

    private static bool IsForeign(HttpRequest request) =>
        request.Headers.Origin is [{ } origin]
        && (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) || uri.Authority != request.Host.Value);
}
