using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{id}/update.</summary>
internal static class Update
{
    public static async Task HandleAsync(ApiCall call)
    {
        ContainerUpdateRequest request = await JsonBody.ReadAsync(call, ApiJson.Default.ContainerUpdateRequest, UpdateFields.Update).ConfigureAwait(false)
            ?? throw EngineException.Invalid("a body that says what to change is wanted");
        ContainerUpdateResponse response = await call.Engine.Ports.UpdateAsync(call.Name, request, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(response, ApiJson.Wire.ContainerUpdateResponse).ConfigureAwait(false);
    }
}
