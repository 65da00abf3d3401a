using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Volumes;

/// <summary>DELETE /volumes/{name}.</summary>
internal static class Remove
{
    public static async Task HandleAsync(ApiCall call)
    {
        await call.Engine.Volumes.RemoveAsync(call.Name, call.Query.Flag("force"), call.Aborted).ConfigureAwait(false);
        await call.WriteNothing().ConfigureAwait(false);
    }
}
