using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>DELETE /containers/{id}.</summary>
internal static class Remove
{
    public static async Task HandleAsync(ApiCall call)
    {
        await call.Engine.Control
            .RemoveAsync(call.Name, call.Query.Flag("force"), call.Query.Flag("v"), call.Query.Flag("link"), call.Aborted).ConfigureAwait(false);
        await call.WriteNothing().ConfigureAwait(false);
    }
}
