using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Berth.Linux.NfTables;

/// <summary>One condition or action of a rule. A closed set: <see cref="NfEncoder"/> knows each.</summary>
public abstract record NfStatement
{
    private NfStatement()
    {
    }

    /// <summary>The interface a packet came in by (input) or will leave by.</summary>
    public sealed record Interface(bool Input, string Name, bool Not = false) : NfStatement
    {
        public override string ToString() => $"{(Input ? "iifname" : "oifname")} {(Not ? "!= " : "")}\"{Name}\"";
    }

    /// <summary>A source or destination in a subnet, IPv4 or IPv6.</summary>
    public sealed record Address(bool Source, IPNetwork Subnet, bool Not = false) : NfStatement
    {
        internal bool Ipv6 => Subnet.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

        internal int Length => Ipv6 ? 16 : 4;

        public override string ToString() =>
            $"{(Ipv6 ? "ip6" : "ip")} {(Source ? "saddr" : "daddr")} {(Not ? "!= " : "")}{(Subnet.PrefixLength == Length * 8 ? Subnet.BaseAddress : Subnet)}";
    }

    /// <summary>What of a packet, one part behind the other, is in a set (or is not). The set's key has the same parts.</summary>
    /// <remarks>With an address among them only packets of that IP version match, also where it says not.</remarks>
    public sealed record InSet(string Set, bool Not, params IReadOnlyList<NfField> Fields) : NfStatement
    {
        public override string ToString() => $"{string.Join(" . ", Fields.Select(Name))} {(Not ? "!= " : "")}@{Set}";

        private static string Name(NfField field) => field switch
        {
            NfField.InputInterface => "iifname",
            NfField.OutputInterface => "oifname",
            NfField.Ipv4Source => "ip saddr",
            NfField.Ipv4Destination => "ip daddr",
            NfField.Ipv6Source => "ip6 saddr",
            NfField.Ipv6Destination => "ip6 daddr",
            NfField.HardwareSource => "ether saddr",
            NfField.ArpSender => "arp saddr ip",
            NfField.AdvertisedNeighbour => "icmpv6 taddr",
            NfField.Protocol => "meta l4proto",
            NfField.SourcePort => "th sport",
            _ => "th dport",
        };
    }

    /// <summary>Packets of one IP version.</summary>
    public sealed record Version(bool Ipv6) : NfStatement
    {
        public override string ToString() => $"meta nfproto {(Ipv6 ? "ipv6" : "ipv4")}";
    }

    /// <summary>IPv6's word of a router that there is a shorter way (RFC 4861, 4.5).</summary>
    public sealed record Ipv6Redirect : NfStatement
    {
        public override string ToString() => "icmpv6 type nd-redirect";
    }

    /// <summary>Packets of TCP, UDP ...</summary>
    public sealed record Protocol(ProtocolType Type) : NfStatement
    {
        public override string ToString() => $"meta l4proto {new NfValue.Protocol(Type)}";
    }

    /// <summary>Packets of a protocol to or from a port (or any other).</summary>
    public sealed record Port(ProtocolType Type, ushort Number, bool Source = false, bool Not = false) : NfStatement
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{new NfValue.Protocol(Type)} {(Source ? "sport" : "dport")} {(Not ? "!= " : "")}{Number}");
    }

    /// <summary>Packets with a mark, of those bits of it that the mask has; of the packet itself or of its connection.</summary>
    public sealed record Marked(uint Mark, uint Mask = uint.MaxValue, bool Connection = false) : NfStatement
    {
        public override string ToString() =>
            $"{(Connection ? "ct" : "meta")} mark {(Mask == uint.MaxValue ? "" : $"& 0x{Mask:x8} == ")}0x{Mark:x8}";
    }

    /// <summary>Packets that a socket with IP_TRANSPARENT of this host is there for. Only in prerouting and input chains.</summary>
    public sealed record ForTransparentSocket : NfStatement
    {
        public override string ToString() => "socket transparent 1";
    }

    /// <summary>As many packets as that, others do not match. Of use in front of <see cref="Log"/>.</summary>
    /// <param name="PerSecond">Packets a second.</param>
    /// <param name="Burst">Packets that may come at once.</param>
    public sealed record Limit(uint PerSecond, uint Burst = 5) : NfStatement
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"limit rate {PerSecond}/second{(Burst == 5 ? "" : $" burst {Burst} packets")}");
    }

    /// <summary>Packets of a connection that was let through before, and errors about it.</summary>
    public sealed record Established : NfStatement
    {
        public override string ToString() => "ct state established,related";
    }

    /// <summary>Packets whose destination was changed by a rule, and their answers.</summary>
    public sealed record Translated : NfStatement
    {
        public override string ToString() => "ct status dnat";
    }

    /// <summary>Packets to an address of this host.</summary>
    public sealed record ToThisHost : NfStatement
    {
        public override string ToString() => "fib daddr type local";
    }

    /// <summary>
    /// Sends a packet on to the address and port that a map has for its protocol and port (and, with <paramref name="ByAddress"/>, the address
    /// it was sent to). A packet that is not in the map goes on to the next rule.
    /// </summary>
    public sealed record DestinationFrom(string Map, bool Ipv6, bool ByAddress) : NfStatement
    {
        public override string ToString() =>
            $"dnat {Ip} to meta l4proto . {(ByAddress ? $"{Ip} daddr . " : "")}th dport map @{Map}";

        private string Ip => Ipv6 ? "ip6" : "ip";
    }

    /// <summary>Sends a packet on to an address, and to a port there; 0: the port it was sent to. A port needs a <see cref="Protocol"/> in front.</summary>
    public sealed record DestinationTo(IPAddress Ip, ushort Number = 0) : NfStatement
    {
        public override string ToString() => Number == 0
            ? $"dnat {(IsIpv6(Ip) ? "ip6" : "ip")} to {Ip}"
            : $"dnat {(IsIpv6(Ip) ? "ip6" : "ip")} to {new IPEndPoint(Ip, Number)}";
    }

    /// <summary>Sends a packet on with another source address.</summary>
    public sealed record SourceTo(IPAddress Ip) : NfStatement
    {
        public override string ToString() => $"snat {(IsIpv6(Ip) ? "ip6" : "ip")} to {Ip}";
    }

    /// <summary>Sends a packet on to a port of the host it is at. Needs a <see cref="Protocol"/> in front.</summary>
    public sealed record Redirect(ushort Number) : NfStatement
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"redirect to :{Number}");
    }

    /// <summary>Puts a mark on the packet, or on its connection.</summary>
    public sealed record SetMark(uint Mark, bool Connection = false) : NfStatement
    {
        public override string ToString() => $"{(Connection ? "ct" : "meta")} mark set 0x{Mark:x8}";
    }

    /// <summary>Gives a packet its connection's mark; the other way round with <paramref name="ToConnection"/>.</summary>
    public sealed record CopyMark(bool ToConnection = false) : NfStatement
    {
        public override string ToString() => ToConnection ? "ct mark set meta mark" : "meta mark set ct mark";
    }

    /// <summary>Tells a group's listener (<see cref="NfLog"/>) about a packet; then on with the rule.</summary>
    /// <param name="Group">The group's number.</param>
    /// <param name="Prefix">A word with it, 127 bytes at most.</param>
    public sealed record Log(ushort Group, string Prefix) : NfStatement
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"log prefix \"{Prefix}\" group {Group}");
    }

    /// <summary>Drops a packet and tells its sender that this was forbidden (ICMP or ICMPv6).</summary>
    public sealed record Reject : NfStatement
    {
        public override string ToString() => "reject with icmpx admin-prohibited";
    }

    /// <summary>Ends a TCP connection. Needs a <see cref="Protocol"/> or <see cref="Port"/> in front; other packets would be dropped in silence.</summary>
    public sealed record Reset : NfStatement
    {
        public override string ToString() => "reject with tcp reset";
    }

    /// <summary>Leaves with the address of the interface it leaves by.</summary>
    public sealed record Masquerade : NfStatement
    {
        public override string ToString() => "masquerade";
    }

    /// <summary>On with the rules of another chain, then back behind this one.</summary>
    public sealed record Jump(string Chain) : NfStatement
    {
        public override string ToString() => $"jump {Chain}";
    }

    /// <summary>Back behind the rule that jumped here; in a chain on a hook: the chain's policy.</summary>
    public sealed record Return : NfStatement
    {
        public override string ToString() => "return";
    }

    public sealed record Accept : NfStatement
    {
        public override string ToString() => "accept";
    }

    /// <summary>Final: an accept of another table does not save the packet.</summary>
    public sealed record Drop : NfStatement
    {
        public override string ToString() => "drop";
    }

    private static bool IsIpv6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;
}
