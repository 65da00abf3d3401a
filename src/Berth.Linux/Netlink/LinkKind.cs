using System.Globalization;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Netlink;

/// <summary>What an interface is that stands on another, or on nothing. A kernel may lack any of them: EOPNOTSUPP ("Unknown device type").</summary>
public abstract record LinkKind
{
    private LinkKind()
    {
    }

    /// <summary>The kernel's name for it.</summary>
    public abstract string Name { get; }

    internal virtual void AddData(NetlinkBatch batch)
    {
    }

    /// <summary>An interface with a hardware address of its own on the parent's Ethernet.</summary>
    public sealed record Macvlan(MacvlanMode Mode) : LinkKind
    {
        public override string Name => "macvlan";

        internal override void AddData(NetlinkBatch batch) => batch.Attribute(IFLA_MACVLAN_MODE, (uint)Mode);
    }

    /// <summary>An interface with the parent's hardware address and IP addresses of its own.</summary>
    public sealed record Ipvlan(IpvlanMode Mode, IpvlanFlag Flag = IpvlanFlag.Bridge) : LinkKind
    {
        public override string Name => "ipvlan";

        internal override void AddData(NetlinkBatch batch) =>
            batch.Attribute(IFLA_IPVLAN_MODE, BitConverter.GetBytes((ushort)Mode)).Attribute(IFLA_IPVLAN_FLAGS, BitConverter.GetBytes((ushort)Flag));
    }

    /// <summary>The part of the parent's Ethernet with a tag (802.1Q), 1 to 4094.</summary>
    public sealed record Vlan(ushort Id) : LinkKind
    {
        public override string Name => "vlan";

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"vlan {Id}");

        internal override void AddData(NetlinkBatch batch) => batch.Attribute(IFLA_VLAN_ID, BitConverter.GetBytes(Id));
    }

    /// <summary>An interface that leads nowhere; others may stand on it.</summary>
    public sealed record Dummy : LinkKind
    {
        public override string Name => "dummy";
    }
}
