using System.Globalization;
using System.Text;

namespace Berth.Linux.NfTables;

/// <summary>A map that rules look packets up in: what it costs does not grow with what is in it, and one element changes without its rules.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Key">What is looked up, in the order of the parts.</param>
/// <param name="Value">What is found.</param>
/// <param name="Elements">What is in it from the start.</param>
public sealed record NfMap(string Name, IReadOnlyList<NfType> Key, IReadOnlyList<NfType> Value, params IReadOnlyList<NfElement> Elements)
{
    private const int BitsOfAType = 6; // nftables: include/datatype.h, TYPE_BITS

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\tmap {Name} {{\n\t\ttype {Names(Key)} : {Names(Value)}\n");
        for (int i = 0; i < Elements.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "\t\telements = { " : "\t\t\t     ")}{Elements[i]}{(i == Elements.Count - 1 ? " }" : ",")}\n");
        }

        return text.Append("\t}\n").ToString();
    }

    /// <summary>A concatenation's number: its parts', six bits each.</summary>
    internal static uint Number(IReadOnlyList<NfType> types) => types.Aggregate(0u, static (number, type) => number << BitsOfAType | (uint)type);

    /// <summary>Bytes, each part filled up to whole 32-bit registers.</summary>
    internal static uint Length(IReadOnlyList<NfType> types) => (uint)types.Sum(static type => type == NfType.Ipv6Address ? 16 : 4);

    private static string Names(IReadOnlyList<NfType> types) => string.Join(" . ", types.Select(static type => type switch
    {
        NfType.Ipv4Address => "ipv4_addr",
        NfType.Ipv6Address => "ipv6_addr",
        NfType.Protocol => "inet_proto",
        _ => "inet_service",
    }));
}
