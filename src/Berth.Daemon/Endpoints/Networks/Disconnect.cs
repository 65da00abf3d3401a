using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Networks;

/// <summary>POST /networks/{id}/disconnect.</summary>
internal static class Disconnect
{
    public static async Task HandleAsync(ApiCall call)
    {
        NetworkDisconnectRequest request = await JsonBody.ReadAsync(call, ApiJson.Default.NetworkDisconnectRequest, NetworkFields.Disconnect).ConfigureAwait(false)
            ?? throw EngineException.Invalid("a body that names the container is wanted");
        await call.Engine.NetworkControl.DisconnectAsync(call.Name, request.Container ?? "", request.Force == true, call.Aborted).ConfigureAwait(false);
    }
}
