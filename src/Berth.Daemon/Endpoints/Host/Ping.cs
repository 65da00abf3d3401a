using Berth.Daemon.Http;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Host;

/// <summary>GET and HEAD /_ping: who is there, and which API it speaks.</summary>
internal static class Ping
{
    public static async Task HandleAsync(ApiCall call)
    {
        IHeaderDictionary headers = call.Http.Response.Headers;
        headers.CacheControl = "no-cache, no-store, must-revalidate";
        headers.Pragma = "no-cache";

        // 1: the classic builder. Clients would otherwise open a BuildKit session.
        headers["Builder-Version"] = "1";
        headers["Swarm"] = "inactive";
        call.Http.Response.ContentType = "text/plain; charset=utf-8";
        if (HttpMethods.IsHead(call.Http.Request.Method))
        {
            call.Http.Response.ContentLength = 0;
            return;
        }

        call.Http.Response.ContentLength = 2;
        await call.Http.Response.BodyWriter.WriteAsync("OK"u8.ToArray(), call.Aborted).ConfigureAwait(false);
    }
}
