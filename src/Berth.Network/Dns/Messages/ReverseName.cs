using System.Net;

namespace Berth.Network.Dns.Messages;

/// <summary>The names under which addresses are looked up: 4.3.2.1.in-addr.arpa (RFC 1035, section 3.5) and nibbles under ip6.arpa (RFC 3596, section 2.5).</summary>
internal static class ReverseName
{
    private const string Ipv4Zone = ".in-addr.arpa", Ipv6Zone = ".ip6.arpa";

    /// <summary>Which address a name asks for.</summary>
    /// <param name="text">As <see cref="DomainName.ToText"/> writes it.</param>
    /// <returns>Null: none, or not a whole address.</returns>
    public static IPAddress? Address(ReadOnlySpan<char> text) =>
        text.EndsWith(Ipv4Zone, StringComparison.Ordinal) ? Ipv4(text[..^Ipv4Zone.Length])
        : text.EndsWith(Ipv6Zone, StringComparison.Ordinal) ? Ipv6(text[..^Ipv6Zone.Length])
        : null;

    private static IPAddress? Ipv4(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        int at = 3;
        foreach (Range part in text.Split('.'))
        {
            ReadOnlySpan<char> number = text[part];
            // One spelling for an address: no signs, no spaces, no leading zeros.
            bool plain = number.Length is > 0 and <= 3 && !number.ContainsAnyExceptInRange('0', '9') && (number.Length == 1 || number[0] != '0');
            if (at < 0 || !plain || !byte.TryParse(number, out bytes[at]))
            {
                return null;
            }

            at--;
        }

        return at < 0 ? new IPAddress(bytes) : null;
    }

    private static IPAddress? Ipv6(ReadOnlySpan<char> text)
    {
        if (text.Length != 63)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        for (int i = 0; i < 32; i++)
        {
            char digit = text[i * 2];
            if (!char.IsAsciiHexDigit(digit) || (i < 31 && text[(i * 2) + 1] != '.'))
            {
                return null;
            }

            int value = char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
            bytes[15 - (i / 2)] |= (byte)(i % 2 == 0 ? value : value << 4);
        }

        return new IPAddress(bytes);
    }
}
