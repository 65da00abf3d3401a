using System.Net;

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

    /// <summary>An IPv4 source or destination in a subnet.</summary>
    public sealed record Address(bool Source, IPNetwork Subnet, bool Not = false) : NfStatement
    {
        public override string ToString() =>
            $"ip {(Source ? "saddr" : "daddr")} {(Not ? "!= " : "")}{(Subnet.PrefixLength == 32 ? Subnet.BaseAddress : Subnet)}";
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

    public sealed record Accept : NfStatement
    {
        public override string ToString() => "accept";
    }

    /// <summary>Final: an accept of another table does not save the packet.</summary>
    public sealed record Drop : NfStatement
    {
        public override string ToString() => "drop";
    }
}
