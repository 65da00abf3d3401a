using Berth.Daemon.Http;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{id}/start.</summary>
internal static class Start
{
    // Docker allows an empty document, which some clients send: "{}" or "null" with a newline.
    private const int EmptyDocument = 7;

    public static async Task HandleAsync(ApiCall call)
    {
        if (call.Http.Request.ContentLength > EmptyDocument)
        {
            throw EngineException.Invalid("starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24");
        }

        bool changed = await call.Engine.Control.StartAsync(call.Name, call.Query.Text("detachKeys"), call.Aborted).ConfigureAwait(false);
        await call.WriteNothing(changed).ConfigureAwait(false);
    }
}
