using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/prune.</summary>
internal static class Prune
{
    public static async Task HandleAsync(ApiCall call) => await call.WriteAsync(
        await call.Engine.Pruning.RunAsync(call.Query.Filters(), call.Aborted).ConfigureAwait(false), ApiJson.Wire.ContainerPruneResponse).ConfigureAwait(false);
}
