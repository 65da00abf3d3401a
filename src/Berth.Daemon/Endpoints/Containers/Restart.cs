using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{id}/restart.</summary>
internal static class Restart
{
    public static async Task HandleAsync(ApiCall call)
    {
        await call.Engine.Control.RestartAsync(call.Name, call.Query.Number("t"), call.Query.Text("signal"), call.Aborted).ConfigureAwait(false);
        await call.WriteNothing().ConfigureAwait(false);
    }
}
