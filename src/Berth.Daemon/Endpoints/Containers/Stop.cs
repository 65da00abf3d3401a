using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{id}/stop.</summary>
internal static class Stop
{
    public static async Task HandleAsync(ApiCall call)
    {
        bool changed = await call.Engine.Control.StopAsync(call.Name, call.Query.Number("t"), call.Query.Text("signal"), call.Aborted).ConfigureAwait(false);
        await call.WriteNothing(changed).ConfigureAwait(false);
    }
}
