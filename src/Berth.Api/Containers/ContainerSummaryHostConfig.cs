namespace Berth.Api;

public sealed record ContainerSummaryHostConfig
{
    public string? NetworkMode { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
