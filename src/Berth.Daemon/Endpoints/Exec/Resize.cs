using Berth.Daemon.Http;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Exec;

/// <summary>POST /exec/{id}/resize.</summary>
internal static class Resize
{
    public static async Task HandleAsync(ApiCall call)
    {
        await call.Engine.Execs.ResizeAsync(call.Name, call.Query.Cells("h"), call.Query.Cells("w"), call.Aborted).ConfigureAwait(false);
        call.Http.Response.StatusCode = StatusCodes.Status200OK;
    }
}
