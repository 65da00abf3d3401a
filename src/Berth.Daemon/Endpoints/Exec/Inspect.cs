using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Exec;

/// <summary>GET /exec/{id}/json.</summary>
internal static class Inspect
{
    public static async Task HandleAsync(ApiCall call)
    {
        ExecInspectResponse exec = await call.Engine.Execs.InspectAsync(call.Name, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(exec, ApiJson.Wire.ExecInspectResponse).ConfigureAwait(false);
    }
}
