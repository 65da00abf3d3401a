using System.Globalization;
using System.Net;

namespace Berth.Cli.Specs;

/// <summary>A network in CIDR form, "10.1.0.0/16". Bits behind the prefix are allowed and do not count.</summary>
/// <param name="Address">As it was written.</param>
/// <param name="Length">Bits that all its addresses share.</param>
internal sealed record IpPrefix(IPAddress Address, int Length)
{
    /// <exception cref="SpecException">With Go's text.</exception>
    public static IpPrefix Parse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string address = slash < 0 ? text : text[..slash];
        bool good = slash > 0 && IpText.IsAddress(address) && text.AsSpan(slash + 1).IndexOfAnyExceptInRange('0', '9') < 0;
        return good && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length <= (IpText.IsV4(address) ? 32 : 128)
            ? new IpPrefix(IPAddress.Parse(address), length)
            : throw new SpecException($"invalid CIDR address: {text}");
    }

    /// <summary>Never true for an address of the other family.</summary>
    public bool Contains(IPAddress address)
    {
        byte[] net = Address.GetAddressBytes();
        byte[] other = address.GetAddressBytes();
        if (net.Length != other.Length)
        {
            return false;
        }

        for (int bit = 0; bit < Length; bit++)
        {
            int mask = 0x80 >> (bit & 7);
            if (((net[bit >> 3] ^ other[bit >> 3]) & mask) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
