using System.Text.Json;

using Berth.Api;
using Berth.Images;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>The store's records in the API's form.</summary>
internal static class ImageShapes
{
    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement.Clone();

    public static Api.ImageSummary Summary(Berth.Images.ImageSummary image, long? sharedSize) => new()
    {
        Id = image.Id.ToString(),
        ParentId = "",
        RepoTags = image.RepoTags,
        RepoDigests = image.RepoDigests,

        // Of an image without a time it is Go's zero time, as by dockerd 20.10, which every client shows as "N/A": 0, as by newer ones, is told to be of 1970.
        Created = image.Created.ToUnixTimeSeconds(),
        Size = image.Size,
        VirtualSize = image.Size,

        // -1: not counted, as Docker says where it was not asked.
        SharedSize = sharedSize ?? -1,
        Containers = image.Containers,
        Labels = image.Labels,
    };

    public static ImageInspect Inspect(ImageRecord image) => new()
    {
        Id = image.Id.ToString(),
        RepoTags = image.RepoTags,
        RepoDigests = image.RepoDigests,
        Parent = image.Parent?.ToString() ?? "",
        Comment = image.Config.Comment ?? "",
        Created = image.Config.Created is { } created ? ApiTime.Text(created) : null,
        DockerVersion = image.Config.DockerVersion ?? "",
        Author = image.Config.Author ?? "",
        Config = Config(image.Config.Config),
        Architecture = image.Config.Architecture,
        Variant = image.Config.Variant,
        Os = image.Config.Os,
        OsVersion = image.Config.OsVersion,
        Size = image.Size,
        VirtualSize = image.Size,
        GraphDriver = new DriverData { Name = "overlay", Data = new Dictionary<string, string>() },
        RootFS = new ImageInspectRootFS { Type = "layers", Layers = [.. (image.Config.RootFs?.DiffIds ?? []).Select(static d => d.ToString())] },
        Metadata = new ImageInspectMetadata { LastTagTime = Time(image.LastTagged) },
    };

    /// <param name="image">Whose steps.</param>
    /// <param name="parents">The images it was committed on, the nearest first: their steps bear their names.</param>
    /// <param name="layerSizes">Of its layers, from the lowest up.</param>
    public static IReadOnlyList<ImageHistoryResponseItem> History(ImageRecord image, IReadOnlyList<ImageRecord> parents, IReadOnlyList<long> layerSizes)
    {
        IReadOnlyList<History> steps = image.Config.History ?? [];
        IReadOnlyList<ImageRecord> line = [image, .. parents];
        var items = new List<ImageHistoryResponseItem>();
        int layer = 0;
        foreach (History step in steps)
        {
            // An image may tell less of its history than it has layers.
            long size = step.EmptyLayer != true && layer < layerSizes.Count ? layerSizes[layer++] : 0;
            ImageRecord? named = line.ElementAtOrDefault(steps.Count - 1 - items.Count);
            items.Add(new ImageHistoryResponseItem
            {
                Id = named?.Id.ToString() ?? "<missing>",
                Created = step.Created?.ToUnixTimeSeconds() ?? 0,
                CreatedBy = step.CreatedBy ?? "",
                Tags = named?.RepoTags is { Count: > 0 } tags ? tags : null,
                Size = size,
                Comment = step.Comment ?? "",
            });
        }

        items.Reverse();
        return items;
    }

    private static Api.ImageConfig Config(Oci.Images.ImageConfig? config) => new()
    {
        User = config?.User,
        ExposedPorts = Set(config?.ExposedPorts),
        Env = config?.Env,
        Cmd = config?.Cmd,
        ArgsEscaped = config?.ArgsEscaped,
        Volumes = Set(config?.Volumes),
        WorkingDir = config?.WorkingDir,
        Entrypoint = config?.Entrypoint,
        OnBuild = config?.OnBuild,
        Labels = config?.Labels,
        StopSignal = config?.StopSignal,
        Shell = config?.Shell,
    };

    private static Dictionary<string, JsonElement>? Set(IReadOnlyDictionary<string, EmptyObject>? set) =>
        set?.Keys.ToDictionary(static key => key, static _ => Empty);

    // Go's zero time where there is none.
    private static string Time(DateTimeOffset? time) =>
        ApiTime.Text(time ?? DateTimeOffset.MinValue);
}
