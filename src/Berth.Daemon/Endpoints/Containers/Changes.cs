using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{id}/changes: what a container has otherwise than its image.</summary>
internal static class Changes
{
    public static async Task HandleAsync(ApiCall call)
    {
        IReadOnlyList<FilesystemChange> changes = await call.Engine.Changes.ListAsync(call.Name, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(changes, ApiJson.Wire.IReadOnlyListFilesystemChange).ConfigureAwait(false);
    }
}
