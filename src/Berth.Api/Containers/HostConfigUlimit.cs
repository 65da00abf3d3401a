namespace Berth.Api;

public sealed record HostConfigUlimit
{
    public string? Name { get; init; }

    public long? Soft { get; init; }

    public long? Hard { get; init; }
}
