using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Networks;

/// <summary>GET /networks/{id}.</summary>
internal static class Inspect
{
    public static Task HandleAsync(ApiCall call) => call.WriteAsync(call.Engine.Networks.Inspect(call.Name), ApiJson.Wire.NetworkInspect);
}
