namespace Berth.Api;

public sealed record IPAMStatus
{
    public IReadOnlyDictionary<string, SubnetStatus>? Subnets { get; init; }
}
