namespace Berth.Api;

public sealed record Address
{
    public string? Addr { get; init; }

    public long? PrefixLen { get; init; }
}
