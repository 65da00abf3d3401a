using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Berth.Network;

/// <summary>An Ethernet address, the 48 bits in the order they are written.</summary>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>02:42 and then the IPv4 address, as Docker derives it: unique on a bridge, and neighbours' caches stay right when an address moves.</summary>
    public static MacAddress Of(IPAddress ipv4) => new(0x0242_0000_0000UL | Ipv4.Value(ipv4));

    /// <summary>Reads "02:42:ac:11:00:02". False for another form, and for a group address and zero, which no interface may have.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MacAddress? address)
    {
        address = null;
        string[] parts = text.Split(text.Contains('-', StringComparison.Ordinal) ? '-' : ':');
        ulong value = 0;
        foreach (string part in parts)
        {
            if (part.Length != 2 || !byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
            {
                return false;
            }

            value = value << 8 | octet;
        }

        if (parts.Length != 6 || value == 0 || (value >> 40 & 1) != 0)
        {
            return false;
        }

        address = new MacAddress(value);
        return true;
    }

    /// <summary>Six bytes, first one first.</summary>
    public byte[] ToBytes() =>
        [(byte)(Value >> 40), (byte)(Value >> 32), (byte)(Value >> 24), (byte)(Value >> 16), (byte)(Value >> 8), (byte)Value];

    public override string ToString() => string.Join(':', ToBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
}
