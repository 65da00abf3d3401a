using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{id}/unpause.</summary>
internal static class Unpause
{
    public static async Task HandleAsync(ApiCall call)
    {
        await call.Engine.Control.UnpauseAsync(call.Name, call.Aborted).ConfigureAwait(false);
        await call.WriteNothing().ConfigureAwait(false);
    }
}
