namespace Berth.Api;

public sealed record NetworkStatus
{
    public IPAMStatus? IPAM { get; init; }
}
