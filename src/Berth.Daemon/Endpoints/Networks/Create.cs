using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Storage;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Networks;

/// <summary>POST /networks/create.</summary>
internal static class Create
{
    public static async Task HandleAsync(ApiCall call)
    {
        NetworkCreateRequest request = await JsonBody.ReadAsync(call, ApiJson.Default.NetworkCreateRequest, NetworkFields.Create).ConfigureAwait(false)
            ?? throw EngineException.Invalid("a body that describes the network is wanted");
        NetworkCreateResponse made = await call.Engine.NetworkControl.CreateAsync(request, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(made, ApiJson.Wire.NetworkCreateResponse, StatusCodes.Status201Created).ConfigureAwait(false);
    }
}
