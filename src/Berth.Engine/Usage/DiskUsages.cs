using System.Text.Json;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Images;
using Berth.Engine.Volumes;
using Berth.Images;
using Berth.Storage;
using Berth.Storage.Content;

namespace Berth.Engine.Usage;

/// <summary>What images, containers and volumes take on the disk.</summary>
public sealed class DiskUsages
{
    private static readonly string[] Types = ["image", "container", "volume", "build-cache"];

    private readonly ImageCatalog _images;
    private readonly ImageStore _store;
    private readonly ContainerQueries _containers;
    private readonly NamedVolumes _volumes;
    private readonly ContentStore _content;

    internal DiskUsages(ImageCatalog images, ImageStore store, ContainerQueries containers, NamedVolumes volumes, ContentStore content) =>
        (_images, _store, _containers, _volumes, _content) = (images, store, containers, volumes, content);

    /// <summary>The lists, for clients before API 1.52.</summary>
    /// <param name="types">Which kinds; empty: all.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">Invalid: a kind that does not exist.</exception>
    public async Task<SystemDataUsageResponse> ListsAsync(IReadOnlyList<string> types, CancellationToken cancel)
    {
        Check(types);
        bool hasCache = Wants(types, "build-cache");
        return new SystemDataUsageResponse
        {
            LayersSize = Wants(types, "image") ? ImagesSize(_store.Sharing()) : 0,
            Images = Wants(types, "image") ? _images.List(Filters.None, sharedSize: true) : null,
            Containers = Wants(types, "container") ? await ContainersAsync(cancel) : null,
            Volumes = Wants(types, "volume") ? _volumes.Measured(cancel) : null,
            BuildCache = hasCache ? [] : null,
            BuilderSize = 0,
        };
    }

    /// <summary>The sums, for API 1.52 and later.</summary>
    /// <param name="types">Which kinds; empty: all.</param>
    /// <param name="verbose">With each object.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">Invalid: a kind that does not exist.</exception>
    public async Task<SystemDataUsageResponse> SumsAsync(IReadOnlyList<string> types, bool verbose, CancellationToken cancel)
    {
        Check(types);
        return new SystemDataUsageResponse
        {
            ImageUsage = Wants(types, "image") ? OfImages(verbose) : null,
            ContainerUsage = Wants(types, "container") ? OfContainers(await ContainersAsync(cancel), verbose) : null,
            VolumeUsage = Wants(types, "volume") ? OfVolumes(_volumes.Measured(cancel), verbose) : null,
            BuildCacheUsage = Wants(types, "build-cache") ? new DiskUsage<JsonElement> { Items = verbose ? [] : null } : null,
        };
    }

    private DiskUsage<Api.ImageSummary> OfImages(bool verbose)
    {
        IReadOnlyList<Api.ImageSummary> all = _images.List(Filters.None, sharedSize: true);
        ImageSharing sharing = _store.Sharing();
        return new DiskUsage<Api.ImageSummary>
        {
            ActiveCount = all.Count(i => i.Containers > 0),
            TotalCount = all.Count,
            TotalSize = ImagesSize(sharing),
            Reclaimable = ImagesSize(sharing) - sharing.Total + sharing.Unused,
            Items = verbose ? all : null,
        };
    }

    private static DiskUsage<ContainerSummary> OfContainers(IReadOnlyList<ContainerSummary> all, bool verbose) => new()
    {
        ActiveCount = all.Count(IsActive),
        TotalCount = all.Count,
        TotalSize = all.Sum(c => c.SizeRw ?? 0),
        Reclaimable = all.Where(c => !IsActive(c)).Sum(c => c.SizeRw ?? 0),
        Items = verbose ? all : null,
    };

    private static DiskUsage<Volume> OfVolumes(IReadOnlyList<Volume> all, bool verbose) => new()
    {
        ActiveCount = all.Count(v => v.UsageData?.RefCount > 0),
        TotalCount = all.Count,
        TotalSize = all.Sum(v => v.UsageData?.Size ?? 0),
        Reclaimable = all.Where(v => v.UsageData?.RefCount == 0).Sum(v => v.UsageData?.Size ?? 0),
        Items = verbose ? all : null,
    };

    private static bool IsActive(ContainerSummary container) => container.State is "running" or "paused" or "restarting";

    // Downloads that were broken off lie there too, and go with a prune.
    private long ImagesSize(ImageSharing sharing) => sharing.Total + _content.Partials().Sum(p => p.DiskBytes);

    private Task<IReadOnlyList<ContainerSummary>> ContainersAsync(CancellationToken cancel) =>
        Task.Run(() => _containers.ListAsync(all: true, limit: 0, size: true, Filters.None, cancel), cancel);

    private static bool Wants(IReadOnlyList<string> types, string type) => types.Count == 0 || types.Contains(type);

    private static void Check(IReadOnlyList<string> types)
    {
        if (types.FirstOrDefault(t => !Types.Contains(t)) is { } unknown)
        {
            throw EngineException.Invalid($"unknown object type: {unknown}");
        }
    }
}
