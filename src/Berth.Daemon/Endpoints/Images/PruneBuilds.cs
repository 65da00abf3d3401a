using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /build/prune. Nothing is built yet, so there is never a cache: "system prune" of Docker's client asks all the same.</summary>
internal static class PruneBuilds
{
    public static Task HandleAsync(ApiCall call) => call.WriteAsync(new BuildPruneResponse { CachesDeleted = [], SpaceReclaimed = 0 }, ApiJson.Wire.BuildPruneResponse);
}
