using System.Globalization;
using System.Net;

using Berth.Network.Addresses;

namespace Berth.Network;

/// <summary>A range of addresses that networks get their subnets from, all of one size: --default-address-pool.</summary>
public static class AddressPool
{
    private const int Most = 1 << 16;

    /// <summary>Reads "base=10.10.0.0/16,size=24" and answers with its subnets, in order.</summary>
    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static IReadOnlyList<IPNetwork> Parse(string text)
    {
        IPNetwork? range = null;
        int? size = null;
        foreach (string part in text.Split(','))
        {
            string[] pair = part.Split('=', 2);
            switch (pair[0].Trim())
            {
                case "base" when pair.Length == 2 && AddressText.TryParseSubnet(pair[1].Trim(), out IPNetwork network):
                    range = network;
                    break;
                case "size" when pair.Length == 2 && int.TryParse(pair[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int bits):
                    size = bits;
                    break;
                default:
                    throw new FormatException($"invalid address pool \"{text}\": base=SUBNET,size=BITS is wanted, such as base=10.10.0.0/16,size=24");
            }
        }

        if (range is not { } whole || size is not { } length)
        {
            throw new FormatException($"invalid address pool \"{text}\": it needs both base=SUBNET and size=BITS");
        }

        int bitsOfAddress = IpNumber.Bits(whole.BaseAddress.AddressFamily);
        // The smallest has two addresses between its own and the broadcast: the bridge's and one container's.
        if (length < whole.PrefixLength || length > bitsOfAddress - 2)
        {
            throw new FormatException($"invalid address pool \"{text}\": the size must be between the base's {whole.PrefixLength} and {bitsOfAddress - 2} bits");
        }

        int subnets = length - whole.PrefixLength >= 16 ? Most : 1 << (length - whole.PrefixLength);
        UInt128 first = IpNumber.Of(whole.BaseAddress), step = UInt128.One << (bitsOfAddress - length);
        return [.. Enumerable.Range(0, subnets).Select(i => new IPNetwork(IpNumber.Address(first + ((UInt128)i * step), whole.BaseAddress.AddressFamily), length))];
    }
}
