using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{id}/export: the files of a container go out as one archive.</summary>
internal static class Export
{
    public static Task HandleAsync(ApiCall call) =>
        ArchiveAnswer.WriteAsync(call, "application/octet-stream", null, call.Engine.Export.Begin(call.Name, call.Aborted));
}
