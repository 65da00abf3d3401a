using System.Globalization;
using System.Text;

namespace Berth.Linux.NfTables;

/// <summary>Concatenations of types, as sets and maps have them for their keys and values.</summary>
internal static class NfTypes
{
    private const int BitsOfAType = 6; // nftables: include/datatype.h, TYPE_BITS

    /// <summary>A concatenation's number: its parts', six bits each.</summary>
    public static uint Number(IReadOnlyList<NfType> types) => types.Aggregate(0u, static (number, type) => number << BitsOfAType | (uint)type);

    /// <summary>Bytes, each part of a concatenation filled up to whole 32-bit registers.</summary>
    public static uint Length(IReadOnlyList<NfType> types) => types is [NfType.HardwareAddress] ? 6u : (uint)types.Sum(static type => type switch
    {
        NfType.Ipv6Address or NfType.InterfaceName => 16,
        NfType.HardwareAddress => 8,
        _ => 4,
    });

    public static string Names(IReadOnlyList<NfType> types) => string.Join(" . ", types.Select(static type => type switch
    {
        NfType.Ipv4Address => "ipv4_addr",
        NfType.Ipv6Address => "ipv6_addr",
        NfType.HardwareAddress => "ether_addr",
        NfType.Protocol => "inet_proto",
        NfType.InterfaceName => "ifname",
        _ => "inet_service",
    }));

    /// <summary>The elements of a set or map, as "nft list" breaks them into lines.</summary>
    public static StringBuilder AppendElements(this StringBuilder text, IReadOnlyList<NfElement> elements)
    {
        for (int i = 0; i < elements.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "\t\telements = { " : "\t\t\t     ")}{elements[i]}{(i == elements.Count - 1 ? " }" : ",")}\n");
        }

        return text;
    }
}
