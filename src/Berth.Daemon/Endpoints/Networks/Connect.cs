using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Networks;

/// <summary>POST /networks/{id}/connect.</summary>
internal static class Connect
{
    public static async Task HandleAsync(ApiCall call)
    {
        NetworkConnectRequest request = await JsonBody.ReadAsync(call, ApiJson.Default.NetworkConnectRequest, NetworkFields.Connect).ConfigureAwait(false)
            ?? throw EngineException.Invalid("a body that names the container is wanted");
        await call.Engine.NetworkControl.ConnectAsync(call.Name, request.Container ?? "", request.EndpointConfig, call.Aborted).ConfigureAwait(false);
    }
}
