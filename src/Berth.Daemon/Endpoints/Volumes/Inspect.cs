using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Volumes;

/// <summary>GET /volumes/{name}.</summary>
internal static class Inspect
{
    public static async Task HandleAsync(ApiCall call)
    {
        Volume volume = await call.Engine.Volumes.InspectAsync(call.Name, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(volume, ApiJson.Wire.Volume).ConfigureAwait(false);
    }
}
