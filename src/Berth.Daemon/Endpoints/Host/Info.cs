using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Host;

/// <summary>GET /info.</summary>
internal static class Info
{
    public static async Task HandleAsync(ApiCall call)
    {
        SystemInfo info = await InfoFacts.ReadAsync(call.Services, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(info, ApiJson.Wire.SystemInfo).ConfigureAwait(false);
    }
}
