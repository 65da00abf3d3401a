using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine.Volumes;

namespace Berth.Daemon.Endpoints.Volumes;

/// <summary>POST /volumes/prune.</summary>
internal static class Prune
{
    public static async Task HandleAsync(ApiCall call)
    {
        VolumePruneResult result = await call.Engine.Volumes.PruneAsync(call.Query.Filters(), call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(
            new VolumePruneResponse { VolumesDeleted = result.Deleted, SpaceReclaimed = result.SpaceReclaimed }, ApiJson.Wire.VolumePruneResponse).ConfigureAwait(false);
    }
}
