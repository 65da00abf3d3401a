using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{id}/json.</summary>
internal static class Inspect
{
    public static async Task HandleAsync(ApiCall call)
    {
        ContainerInspectResponse container = await call.Engine.Queries.InspectAsync(call.Name, call.Query.Flag("size"), call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(EarlierInspect.Of(container, call.Version), ApiJson.Wire.ContainerInspectResponse).ConfigureAwait(false);
    }
}
