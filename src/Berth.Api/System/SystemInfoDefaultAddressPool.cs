namespace Berth.Api;

public sealed record SystemInfoDefaultAddressPool
{
    public string? Base { get; init; }

    public long? Size { get; init; }
}
