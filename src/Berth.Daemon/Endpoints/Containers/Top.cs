using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{id}/top.</summary>
internal static class Top
{
    public static async Task HandleAsync(ApiCall call)
    {
        ContainerTopResponse processes = await call.Engine.Queries.TopAsync(call.Name, call.Query.Text("ps_args"), call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(processes, ApiJson.Wire.ContainerTopResponse).ConfigureAwait(false);
    }
}
