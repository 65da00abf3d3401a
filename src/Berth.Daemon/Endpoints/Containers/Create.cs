using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Storage;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/create.</summary>
internal static class Create
{
    public static async Task HandleAsync(ApiCall call)
    {
        ContainerCreateRequest request = await JsonBody.ReadAsync(call, ApiJson.Default.ContainerCreateRequest, CreateFields.Rules).ConfigureAwait(false)
            ?? throw EngineException.Invalid("Config cannot be empty in order to create a container");
        ContainerCreateResponse created =
            await call.Engine.Creation.CreateAsync(call.Query.Text("name"), request, call.Query.Text("platform"), call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(created, ApiJson.Wire.ContainerCreateResponse, StatusCodes.Status201Created).ConfigureAwait(false);
    }
}
