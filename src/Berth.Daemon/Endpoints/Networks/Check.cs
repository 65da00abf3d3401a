using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Networks;

/// <summary>GET /berth/network-check, an operation of our own: ?from=A&amp;to=B, and &amp;port=PORT/PROTO or none.</summary>
internal static class Check
{
    public static async Task HandleAsync(ApiCall call)
    {
        NetworkCheckResponse answer =
            await call.Engine.NetworkCheck.RunAsync(call.Query.Text("from") ?? "", call.Query.Text("to") ?? "", call.Query.Text("port")).ConfigureAwait(false);
        await call.WriteAsync(answer, ApiJson.Wire.NetworkCheckResponse).ConfigureAwait(false);
    }
}
