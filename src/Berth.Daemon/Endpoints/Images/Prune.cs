using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/prune.</summary>
internal static class Prune
{
    public static async Task HandleAsync(ApiCall call) => await call.WriteAsync(
        await call.Engine.Images.PruneAsync(call.Query.Filters(), call.Aborted).ConfigureAwait(false), ApiJson.Wire.ImagePruneResponse).ConfigureAwait(false);
}
