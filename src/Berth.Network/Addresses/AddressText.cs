using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Addresses;

/// <summary>
/// Reads addresses that people wrote. IPAddress.TryParse reads IPv4 as C's inet_aton(3) does, so that 010.0.0.1 is 8.0.0.1 and 10.1 is 10.0.0.1: here it is four
/// decimal numbers or no address (RFC 6943, 3.1.1). IPv6 has no zone, no brackets, and no IPv4 address in it. Pure.
/// </summary>
public static class AddressText
{
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (text.IndexOfAny('%', '[', ']') < 0 && IPAddress.TryParse(text, out address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !address.IsIPv4MappedToIPv6 : text.SequenceEqual(address.ToString())))
        {
            return true;
        }

        address = null;
        return false;
    }

    /// <summary>"ADDRESS/LENGTH"; what stands behind the prefix is no matter, as in Go and so with Docker.</summary>
    public static bool TryParseSubnet(ReadOnlySpan<char> text, out IPNetwork subnet)
    {
        subnet = default;
        int slash = text.IndexOf('/');
        if (slash < 0 || !TryParse(text[..slash], out IPAddress? address)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > address.GetAddressBytes().Length * 8)
        {
            return false;
        }

        subnet = IpNumber.Subnet(address, length);
        return true;
    }
}
