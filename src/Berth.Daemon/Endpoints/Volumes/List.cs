using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Volumes;

/// <summary>GET /volumes.</summary>
internal static class List
{
    public static async Task HandleAsync(ApiCall call)
    {
        VolumeListResponse volumes = await call.Engine.Volumes.ListAsync(call.Query.Filters(), call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(volumes, ApiJson.Wire.VolumeListResponse).ConfigureAwait(false);
    }
}
