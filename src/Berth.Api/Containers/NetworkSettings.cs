namespace Berth.Api;

public sealed record NetworkSettings
{
    public string? Bridge { get; init; }

    public string? SandboxID { get; init; }

    public bool? HairpinMode { get; init; }

    public string? LinkLocalIPv6Address { get; init; }

    public long? LinkLocalIPv6PrefixLen { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? Ports { get; init; }

    public string? SandboxKey { get; init; }

    public IReadOnlyList<Address>? SecondaryIPAddresses { get; init; }

    public IReadOnlyList<Address>? SecondaryIPv6Addresses { get; init; }

    public string? EndpointID { get; init; }

    public string? Gateway { get; init; }

    public string? GlobalIPv6Address { get; init; }

    public long? GlobalIPv6PrefixLen { get; init; }

    public string? IPAddress { get; init; }

    public long? IPPrefixLen { get; init; }

    public string? IPv6Gateway { get; init; }

    public string? MacAddress { get; init; }

    public IReadOnlyDictionary<string, EndpointSettings>? Networks { get; init; }
}
