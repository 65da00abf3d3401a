namespace Berth.Api;

public sealed record ContainerSummary
{
    public string? Id { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public string? Image { get; init; }

    public string? ImageID { get; init; }

    public OCIDescriptor? ImageManifestDescriptor { get; init; }

    public string? Command { get; init; }

    public long? Created { get; init; }

    public IReadOnlyList<PortSummary>? Ports { get; init; }

    public long? SizeRw { get; init; }

    public long? SizeRootFs { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? State { get; init; }

    public string? Status { get; init; }

    public ContainerSummaryHostConfig? HostConfig { get; init; }

    public ContainerSummaryNetworkSettings? NetworkSettings { get; init; }

    public IReadOnlyList<MountPoint>? Mounts { get; init; }

    public ContainerSummaryHealth? Health { get; init; }
}
