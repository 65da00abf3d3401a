using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Routing;

namespace Berth.Daemon.Endpoints.Host;

/// <summary>GET /system/df. Before 1.52 whole lists, which clients add up; from then on the sums.</summary>
internal static class DiskUsage
{
    private static readonly ApiVersion HasSums = new(1, 52);
    private static readonly ApiVersion DropsBuilderSize = new(1, 42);
    private static readonly ApiVersion DropsVirtualSize = new(1, 44);

    public static async Task HandleAsync(ApiCall call)
    {
        IReadOnlyList<string> types = call.Query.All("type");
        SystemDataUsageResponse usage = call.Version < HasSums
            ? Shape(await call.Engine.Usage.ListsAsync(types, call.Aborted).ConfigureAwait(false), call.Version)
            : Shape(await call.Engine.Usage.SumsAsync(types, call.Query.Flag("verbose"), call.Aborted).ConfigureAwait(false));
        await call.WriteAsync(usage, ApiJson.Wire.SystemDataUsageResponse).ConfigureAwait(false);
    }

    private static SystemDataUsageResponse Shape(SystemDataUsageResponse usage, ApiVersion version) => usage with
    {
        BuilderSize = version < DropsBuilderSize ? usage.BuilderSize : null,
        Images = version < DropsVirtualSize ? usage.Images : Without(usage.Images),
    };

    private static SystemDataUsageResponse Shape(SystemDataUsageResponse usage) =>
        usage with { ImageUsage = usage.ImageUsage is { } images ? images with { Items = Without(images.Items) } : null };

    private static IReadOnlyList<ImageSummary>? Without(IReadOnlyList<ImageSummary>? images) =>
        images is null ? null : [.. images.Select(static i => i with { VirtualSize = null })];
}
