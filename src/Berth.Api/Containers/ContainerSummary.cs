using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ContainerSummary
{
    public string? Id { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public string? Image { get; init; }

    public string? ImageID { get; init; }

    public string? Command { get; init; }

    public long? Created { get; init; }

    public IReadOnlyList<PortSummary>? Ports { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? State { get; init; }

    public string? Status { get; init; }

    public ContainerSummaryHostConfig? HostConfig { get; init; }

    public ContainerSummaryNetworkSettings? NetworkSettings { get; init; }

    public IReadOnlyList<MountPoint>? Mounts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OCIDescriptor? ImageManifestDescriptor { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRootFs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ContainerSummaryHealth? Health { get; init; }
}
