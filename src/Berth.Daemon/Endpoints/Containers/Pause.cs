using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{id}/pause.</summary>
internal static class Pause
{
    public static async Task HandleAsync(ApiCall call)
    {
        await call.Engine.Control.PauseAsync(call.Name, call.Aborted).ConfigureAwait(false);
        await call.WriteNothing().ConfigureAwait(false);
    }
}
