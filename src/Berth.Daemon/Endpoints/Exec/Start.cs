using Berth.Api;
using Berth.Daemon.Hijack;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Engine.Streams;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Exec;

/// <summary>POST /exec/{id}/start.</summary>
internal static class Start
{
    public static async Task HandleAsync(ApiCall call)
    {
        ExecStartRequest request = await JsonBody.ReadAsync(call, ApiJson.Default.ExecStartRequest, ExecFields.Start).ConfigureAwait(false) ?? new ExecStartRequest();
        StreamSession? session = await call.Engine.Execs.StartAsync(call.Name, request, call.Aborted).ConfigureAwait(false);
        if (session is null)
        {
            call.Http.Response.StatusCode = StatusCodes.Status200OK;
            return;
        }

        await using (session.ConfigureAwait(false))
        {
            await StreamResponse.RunAsync(call, session).ConfigureAwait(false);
        }
    }
}
