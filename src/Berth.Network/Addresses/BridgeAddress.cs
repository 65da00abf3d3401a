using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Berth.Network;

/// <summary>An address of a bridge and the length of its subnet's prefix: 172.18.0.1/16.</summary>
public sealed record BridgeAddress(IPAddress Address, int PrefixLength)
{
    /// <summary>The subnet the address lies in.</summary>
    public IPNetwork Subnet => Addresses.IpNumber.Subnet(Address, PrefixLength);

    /// <summary>Reads "ADDRESS/LENGTH". False for anything but an IPv4 host address in a subnet of 8 to 30 bits.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out BridgeAddress? address)
    {
        address = null;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0
            || !Addresses.AddressText.TryParse(text.AsSpan(0, slash), out IPAddress? ip) || ip.AddressFamily != AddressFamily.InterNetwork
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length is < 8 or > 30)
        {
            return false;
        }

        uint host = Ipv4.Value(ip) & ~Ipv4.Mask(length);
        if (host == 0 || host == ~Ipv4.Mask(length))
        {
            return false; // the subnet's own and its broadcast address are nobody's
        }

        address = new BridgeAddress(ip, length);
        return true;
    }

    /// <summary>The same for IPv6, in a subnet of 16 to 126 bits.</summary>
    public static bool TryParseIpv6(string text, [NotNullWhen(true)] out BridgeAddress? address)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        address = slash > 0
            && Addresses.AddressText.TryParse(text.AsSpan(0, slash), out IPAddress? ip) && ip is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false, IsIPv6Multicast: false }
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length is >= 16 and <= 126
            && !Addresses.IpNumber.Subnet(ip, length).BaseAddress.Equals(ip) // every router's: RFC 4291, 2.6.1
            ? new BridgeAddress(ip, length)
            : null;
        return address is not null;
    }

    /// <summary>The first address of a subnet.</summary>
    internal static BridgeAddress FirstOf(IPNetwork subnet) => new(Addresses.IpNumber.First(subnet), subnet.PrefixLength);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
