using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{id}/kill.</summary>
internal static class Kill
{
    public static async Task HandleAsync(ApiCall call)
    {
        await call.Engine.Control.KillAsync(call.Name, call.Query.Text("signal"), call.Aborted).ConfigureAwait(false);
        await call.WriteNothing().ConfigureAwait(false);
    }
}
