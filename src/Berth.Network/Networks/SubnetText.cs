using System.Net;
using System.Net.Sockets;

using Berth.Network.Addresses;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>Reads subnets that people typed. Pure.</summary>
internal static class SubnetText
{
    private const int ShortestIpv4 = 8, LongestIpv4 = 30, ShortestIpv6 = 16, LongestIpv6 = 126;

    // RFC 6890 and the kernel: what no interface of a container can have, or would take from the host.
    private static readonly (IPNetwork Range, string? Use)[] Special =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this host"), (IPNetwork.Parse("127.0.0.0/8"), "loopback"), (IPNetwork.Parse("169.254.0.0/16"), "link-local"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"), (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
        (IPNetwork.Parse("::/16"), "loopback and mapped IPv4"), (IPNetwork.Parse("fe80::/10"), "link-local"), (IPNetwork.Parse("ff00::/8"), "multicast"),
    ];

    /// <summary>A subnet with its parts, each checked to lie in it. Without a gateway: its first address.</summary>
    /// <exception cref="EngineException">Invalid: names the part.</exception>
    public static NetworkSubnet Parse(SubnetDefinition text)
    {
        IPNetwork subnet = Network("subnet", text.Subnet ?? "");
        bool ipv6 = subnet.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
        if (subnet.PrefixLength < (ipv6 ? ShortestIpv6 : ShortestIpv4) || subnet.PrefixLength > (ipv6 ? LongestIpv6 : LongestIpv4))
        {
            throw EngineException.Invalid(
                $"invalid subnet {subnet}: a prefix of {(ipv6 ? ShortestIpv6 : ShortestIpv4)} to {(ipv6 ? LongestIpv6 : LongestIpv4)} bits is wanted, or no container would find an address");
        }

        CheckUse("subnet", subnet);
        IPNetwork? range = string.IsNullOrEmpty(text.Range) ? null : Range(subnet, text.Range);
        IPAddress? gateway = string.IsNullOrEmpty(text.Gateway)
            ? text.WithoutGateway == true ? null : IpNumber.First(subnet)
            : Inside(subnet, "gateway", text.Gateway);
        Dictionary<string, IPAddress> auxiliary = (text.Auxiliary ?? new Dictionary<string, string>()).ToDictionary(a => a.Key, a => Inside(subnet, $"auxiliary address {a.Key}", a.Value));
        CheckFree(subnet, gateway, auxiliary);
        return new NetworkSubnet { Subnet = subnet, Range = range, Gateway = gateway, Auxiliary = auxiliary };
    }

    /// <summary>Refuses a subnet that no network can have.</summary>
    /// <exception cref="EngineException">Invalid: names its use.</exception>
    public static void CheckUse(string what, IPNetwork subnet)
    {
        if (Special.FirstOrDefault(s => IpNumber.Overlap(s.Range, subnet)) is { Use: not null } special)
        {
            throw EngineException.Invalid($"invalid {what} {subnet}: {special.Range} is {special.Use}, no network's");
        }
    }

    /// <summary>Back to text, for networks that take this configuration.</summary>
    public static SubnetDefinition Of(NetworkSubnet subnet) => new(
        subnet.Subnet.ToString(), subnet.Range?.ToString(), subnet.Gateway?.ToString(), subnet.Auxiliary.ToDictionary(a => a.Key, a => a.Value.ToString()))
    {
        WithoutGateway = subnet.Gateway is null ? true : null,
    };

    // Docker's words: it gives these addresses out before it finds that somebody has them.
    private static void CheckFree(IPNetwork subnet, IPAddress? gateway, Dictionary<string, IPAddress> auxiliary)
    {
        if (gateway is not null && (gateway.Equals(subnet.BaseAddress) || (gateway.AddressFamily == AddressFamily.InterNetwork && gateway.Equals(IpNumber.Last(subnet)))))
        {
            throw EngineException.Invalid($"failed to allocate gateway ({gateway}): Address already in use: it is the subnet {subnet} itself or its broadcast address");
        }

        HashSet<IPAddress> taken = gateway is null ? [] : [gateway];
        foreach ((string name, IPAddress address) in auxiliary)
        {
            if (!taken.Add(address))
            {
                throw EngineException.Invalid($"failed to allocate secondary ip address ({name}:{address}): Address already in use by {(address.Equals(gateway) ? "the gateway" : "another auxiliary address")}");
            }
        }
    }

    private static IPNetwork Network(string what, string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !AddressText.TryParse(text.AsSpan(0, slash), out IPAddress? address) || address.ScopeIdOrZero() != 0
            || !int.TryParse(text.AsSpan(slash + 1), out int length) || length < 0 || length > IpNumber.Bits(address.AddressFamily))
        {
            throw EngineException.Invalid($"invalid {what} \"{text}\": ADDRESS/LENGTH is wanted, e.g. 10.5.0.0/16 or fd00:5::/64");
        }

        IPNetwork network = IpNumber.Subnet(address, length);
        return network.BaseAddress.Equals(address)
            ? network
            : throw EngineException.Invalid($"invalid {what} \"{text}\": it should be {network}");
    }

    private static IPNetwork Range(IPNetwork subnet, string text)
    {
        IPNetwork range = Network("ip-range", text);
        return range.BaseAddress.AddressFamily == subnet.BaseAddress.AddressFamily && subnet.Contains(range.BaseAddress) && range.PrefixLength >= subnet.PrefixLength
            ? range
            : throw EngineException.Invalid($"invalid ip-range {range}: it does not lie in the subnet {subnet}");
    }

    private static IPAddress Inside(IPNetwork subnet, string what, string text) =>
        AddressText.TryParse(text.Split('/')[0], out IPAddress? address) && address.AddressFamily == subnet.BaseAddress.AddressFamily && subnet.Contains(address)
            ? address
            : throw EngineException.Invalid($"invalid {what} \"{text}\": it is no address of the subnet {subnet}");

    private static long ScopeIdOrZero(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
