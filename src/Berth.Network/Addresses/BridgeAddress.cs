using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Berth.Network;

/// <summary>An IPv4 address of a bridge and the length of its subnet's prefix: 172.18.0.1/16.</summary>
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
            || !IPAddress.TryParse(text.AsSpan(0, slash), out IPAddress? ip) || ip.AddressFamily != AddressFamily.InterNetwork
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

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
