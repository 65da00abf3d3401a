namespace Berth.Api;

public sealed record SubnetStatus
{
    public long? IPsInUse { get; init; }

    public long? DynamicIPsAvailable { get; init; }
}
