using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/json.</summary>
internal static class List
{
    public static async Task HandleAsync(ApiCall call)
    {
        IReadOnlyList<ContainerSummary> containers = await call.Engine.Queries
            .ListAsync(call.Query.Flag("all"), call.Query.Number("limit") ?? 0, call.Query.Flag("size"), call.Query.Filters(), call.Aborted)
            .ConfigureAwait(false);
        await call.WriteAsync(containers, ApiJson.Wire.IReadOnlyListContainerSummary).ConfigureAwait(false);
    }
}
