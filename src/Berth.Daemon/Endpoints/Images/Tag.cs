using Berth.Daemon.Http;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/{name}/tag.</summary>
internal static class Tag
{
    public static async Task HandleAsync(ApiCall call)
    {
        await call.Engine.Images.TagAsync(call.Name, call.Query.Text("repo"), call.Query.Text("tag"), call.Aborted).ConfigureAwait(false);
        call.Http.Response.StatusCode = StatusCodes.Status201Created;
    }
}
