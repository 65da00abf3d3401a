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

    /// <summary>Leaves with the address of the interface it leaves by.</summary>
    public sealed record Masquerade : NfStatement
    {
        public override string ToString() => "masquerade";
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
