using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Networks;

/// <summary>POST /networks/prune.</summary>
internal static class Prune
{
    public static async Task HandleAsync(ApiCall call)
    {
        NetworkPruneResponse pruned = await call.Engine.NetworkControl.PruneAsync(call.Query.Filters(), call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(pruned, ApiJson.Wire.NetworkPruneResponse).ConfigureAwait(false);
    }
}
