using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Networks;

/// <summary>GET /networks.</summary>
internal static class List
{
    public static Task HandleAsync(ApiCall call) => call.WriteAsync(call.Engine.Networks.List(call.Query.Filters()), ApiJson.Wire.IReadOnlyListNetworkInspect);
}
