using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.NfTables;

/// <summary>Reads a rule's expressions for <see cref="NfRuleMeaning"/>: what was loaded last, and what it is compared with.</summary>
internal static class NfRuleReader
{
    private enum Loaded
    {
        Other,
        Protocol,
        DestinationPort,
        State,
        InputInterface,
        OutputInterface,
        DestinationType,
    }

    // A type of address is a number of this machine's byte order, 32 bits, of which Value reads the first 16.
    private static readonly ulong IsLocalAsRead = BitConverter.IsLittleEndian ? RTN_LOCAL << 8 : 0;

    public static NfRuleMeaning Read(NetlinkAttributes expressions)
    {
        var meaning = new NfRuleMeaning();
        Loaded loaded = Loaded.Other;
        while (expressions.Read())
        {
            string name = "";
            NetlinkAttributes data = default;
            NetlinkAttributes expression = expressions.Nested;
            while (expression.Read())
            {
                switch (expression.Type)
                {
                    case NFTA_EXPR_NAME: name = expression.Text; break;
                    case NFTA_EXPR_DATA: data = expression.Nested; break;
                }
            }

            meaning = Apply(meaning, name, data, ref loaded);
        }

        return meaning;
    }

    private static NfRuleMeaning Apply(NfRuleMeaning meaning, string name, NetlinkAttributes data, ref Loaded loaded)
    {
        switch (name)
        {
            case "counter" or "log": return meaning;
            case "bitwise" when loaded == Loaded.State: return meaning;
            case "meta":
                loaded = Number(data, NFTA_META_KEY) switch
                {
                    NFT_META_L4PROTO => Loaded.Protocol,
                    NFT_META_IIFNAME => Loaded.InputInterface,
                    NFT_META_OIFNAME => Loaded.OutputInterface,
                    _ => Loaded.Other,
                };
                return meaning;
            case "payload":
                loaded = (Number(data, NFTA_PAYLOAD_BASE), Number(data, NFTA_PAYLOAD_OFFSET), Number(data, NFTA_PAYLOAD_LEN)) switch
                {
                    (NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2) => Loaded.DestinationPort,
                    (NFT_PAYLOAD_NETWORK_HEADER, 9, 1) => Loaded.Protocol, // of IPv4
                    _ => Loaded.Other,
                };
                return meaning;
            case "fib":
                loaded = (Number(data, NFTA_FIB_RESULT), Number(data, NFTA_FIB_FLAGS)) == (NFT_FIB_RESULT_ADDRTYPE, NFTA_FIB_F_DADDR) ? Loaded.DestinationType : Loaded.Other;
                return loaded == Loaded.DestinationType ? meaning : meaning with { Narrower = true };
            case "ct":
                loaded = Loaded.State;
                return meaning;
            case "cmp" when loaded == Loaded.InputInterface && Number(data, NFTA_CMP_OP) == NFT_CMP_EQ: return meaning with { Narrower = true, InputInterface = Name(data) };
            case "cmp" when loaded == Loaded.OutputInterface && Number(data, NFTA_CMP_OP) == NFT_CMP_EQ: return meaning with { Narrower = true, OutputInterface = Name(data) };
            case "cmp": return Compared(meaning, loaded, Number(data, NFTA_CMP_OP), Value(data, NFTA_CMP_DATA));
            case "range": return Ranged(meaning, loaded, data);
            case "lookup": return LookedUp(meaning, loaded, data);
            case "match":
                return Text(data, NFTA_TARGET_NAME) switch
                {
                    "comment" => meaning,
                    "addrtype" when Destinations(data) is { } types => (types & (1 << (int)RTN_LOCAL)) != 0 ? meaning : meaning with { Elsewhere = true, Narrower = true },
                    "conntrack" or "state" => meaning with { ByState = true },
                    "tcp" or "udp" or "sctp" or "multiport" => meaning with { Unread = true },
                    _ => meaning with { Narrower = true },
                };
            case "reject": return meaning with { Verdict = NfRuleVerdict.Drop };
            case "target": return meaning with { Verdict = Text(data, NFTA_TARGET_NAME) switch { "REJECT" => NfRuleVerdict.Drop, "LOG" or "NFLOG" => NfRuleVerdict.None, _ => NfRuleVerdict.Unread } };
            case "immediate": return Decided(meaning, data);
            default:
                loaded = Loaded.Other;
                return meaning with { Narrower = true }; // limit, socket ...
        }
    }

    private static NfRuleMeaning Compared(NfRuleMeaning meaning, Loaded loaded, ulong operation, ulong? value) => (loaded, operation, value) switch
    {
        (Loaded.DestinationType, NFT_CMP_EQ, { } v) => v == IsLocalAsRead ? meaning : meaning with { Elsewhere = true, Narrower = true },
        (Loaded.State, _, _) => meaning with { ByState = true },
        (Loaded.Protocol, NFT_CMP_EQ, { } v) => meaning with { Protocol = (byte)v },
        (Loaded.DestinationPort, NFT_CMP_EQ, { } v) => meaning with { FirstPort = (ushort)v, LastPort = (ushort)v },
        (Loaded.DestinationPort, NFT_CMP_LTE, { } v) => meaning with { LastPort = (ushort)v },
        (Loaded.DestinationPort, NFT_CMP_GTE, { } v) => meaning with { FirstPort = (ushort)v },
        (Loaded.DestinationPort, _, _) => meaning with { Unread = true },
        _ => meaning with { Narrower = true },
    };

    private static NfRuleMeaning Ranged(NfRuleMeaning meaning, Loaded loaded, NetlinkAttributes data) =>
        loaded == Loaded.DestinationPort && Number(data, NFTA_RANGE_OP) == NFT_CMP_EQ && Value(data, NFTA_RANGE_FROM_DATA) is { } first && Value(data, NFTA_RANGE_TO_DATA) is { } last
            ? meaning with { FirstPort = (ushort)first, LastPort = (ushort)last }
            : loaded == Loaded.DestinationPort ? meaning with { Unread = true } : meaning with { Narrower = true };

    private static NfRuleMeaning LookedUp(NfRuleMeaning meaning, Loaded loaded, NetlinkAttributes data)
    {
        bool verdicts = Has(data, NFTA_LOOKUP_DREG), not = Number(data, NFTA_LOOKUP_FLAGS) != 0;
        return (loaded, verdicts || not) switch
        {
            (Loaded.DestinationPort, false) => meaning with { PortSet = Text(data, NFTA_LOOKUP_SET) },
            (Loaded.State, false) => meaning with { ByState = true },
            (Loaded.DestinationPort, _) => meaning with { Unread = true, Verdict = verdicts ? NfRuleVerdict.Unread : meaning.Verdict },
            _ => meaning with { Narrower = true, Verdict = verdicts ? NfRuleVerdict.Unread : meaning.Verdict },
        };
    }

    private static NfRuleMeaning Decided(NfRuleMeaning meaning, NetlinkAttributes data)
    {
        while (data.Read())
        {
            if (data.Type != NFTA_IMMEDIATE_DATA)
            {
                continue;
            }

            NetlinkAttributes value = data.Nested;
            while (value.Read())
            {
                if (value.Type == NFTA_DATA_VERDICT)
                {
                    return meaning with
                    {
                        Verdict = (uint)Number(value.Nested, NFTA_VERDICT_CODE) switch
                        {
                            NF_ACCEPT => NfRuleVerdict.Accept,
                            NF_DROP => NfRuleVerdict.Drop,
                            NFT_JUMP => NfRuleVerdict.Jump,
                            NFT_GOTO => NfRuleVerdict.Goto,
                            NFT_RETURN => NfRuleVerdict.Return,
                            _ => NfRuleVerdict.Unread, // to a queue
                        },
                        Target = Text(value.Nested, NFTA_VERDICT_CHAIN),
                    };
                }
            }
        }

        return meaning;
    }

    private static ulong Number(NetlinkAttributes attributes, ushort type)
    {
        while (attributes.Read())
        {
            if (attributes.Type == type)
            {
                return attributes.NumberBigEndian;
            }
        }

        return 0;
    }

    private static bool Has(NetlinkAttributes attributes, ushort type)
    {
        while (attributes.Read())
        {
            if (attributes.Type == type)
            {
                return true;
            }
        }

        return false;
    }

    private static string Text(NetlinkAttributes attributes, ushort type)
    {
        while (attributes.Read())
        {
            if (attributes.Type == type)
            {
                return attributes.Text;
            }
        }

        return "";
    }

    // struct xt_addrtype_info_v1: two masks of types, of source and destination, and flags that turn them round.
    private static int? Destinations(NetlinkAttributes attributes)
    {
        while (attributes.Read())
        {
            if (attributes.Type == NFTA_MATCH_INFO)
            {
                ReadOnlySpan<byte> info = attributes.Value;
                return info.Length >= 8 && MemoryMarshal.Read<ushort>(info) == 0 && MemoryMarshal.Read<uint>(info[4..]) == 0 ? MemoryMarshal.Read<ushort>(info[2..]) : null;
            }
        }

        return null;
    }

    // A name is compared with its terminating zero, the beginning of one ("veth*") without.
    private static string? Name(NetlinkAttributes attributes)
    {
        while (attributes.Read())
        {
            if (attributes.Type == NFTA_CMP_DATA)
            {
                NetlinkAttributes data = attributes.Nested;
                int end = data.Read() && data.Type == NFTA_DATA_VALUE ? data.Value.IndexOf((byte)0) : -1;
                return end > 0 ? Encoding.UTF8.GetString(data.Value[..end]) : null;
            }
        }

        return null;
    }

    // One or two bytes, as on the wire.
    private static ulong? Value(NetlinkAttributes attributes, ushort type)
    {
        while (attributes.Read())
        {
            if (attributes.Type == type)
            {
                NetlinkAttributes data = attributes.Nested;
                return data.Read() && data.Type == NFTA_DATA_VALUE
                    ? data.Value.Length switch { 1 => data.Value[0], >= 2 => BinaryPrimitives.ReadUInt16BigEndian(data.Value), _ => null }
                    : null;
            }
        }

        return null;
    }
}
