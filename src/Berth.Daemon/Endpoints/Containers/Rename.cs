using Berth.Daemon.Http;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{id}/rename.</summary>
internal static class Rename
{
    public static async Task HandleAsync(ApiCall call)
    {
        string name = call.Query.Text("name") ?? throw EngineException.Invalid("Neither old nor new names may be empty");
        await call.Engine.Control.RenameAsync(call.Name, name, call.Aborted).ConfigureAwait(false);
        await call.WriteNothing().ConfigureAwait(false);
    }
}
