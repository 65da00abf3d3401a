namespace Berth.Api;

public sealed record ImageInspectMetadata
{
    public string? LastTagTime { get; init; }
}
