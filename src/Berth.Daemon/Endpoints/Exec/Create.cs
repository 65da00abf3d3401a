using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Storage;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Exec;

/// <summary>POST /containers/{id}/exec.</summary>
internal static class Create
{
    public static async Task HandleAsync(ApiCall call)
    {
        ExecCreateRequest? request = await JsonBody.ReadAsync(call, ApiJson.Default.ExecCreateRequest, ExecFields.Create).ConfigureAwait(false);
        if (request?.Cmd is not { Count: > 0 })
        {
            throw EngineException.Invalid("No exec command specified");
        }

        IDResponse created = await call.Engine.Execs.CreateAsync(call.Name, request, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(created, ApiJson.Wire.IDResponse, StatusCodes.Status201Created).ConfigureAwait(false);
    }
}
