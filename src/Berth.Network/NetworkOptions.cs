using System.Net;

using Berth.Linux.Files;

namespace Berth.Network;

/// <summary>What the daemon's options say about networking. Several daemons differ in their bridge.</summary>
public sealed record NetworkOptions
{
    /// <summary>The link of the predefined network "bridge", at most 15 bytes. It also names this daemon's firewall table.</summary>
    public string BridgeName { get; init; } = "berth0";

    /// <summary>--bip: the bridge's own address with its prefix, e.g. 10.9.0.1/24. Null: a subnet free on this host is chosen once and kept.</summary>
    public BridgeAddress? BridgeAddress { get; init; }

    /// <summary>--ip: where ports of the default bridge's containers are published that name no address. Null: everywhere.</summary>
    public IPAddress? HostBinding { get; init; }

    /// <summary>--ipv6: the default bridge speaks IPv6 too.</summary>
    public bool EnableIpv6 { get; init; }

    /// <summary>--bip6: the bridge's own IPv6 address. Null: the first of <see cref="Ipv6Range"/>, or one chosen once and kept.</summary>
    public BridgeAddress? BridgeIpv6Address { get; init; }

    /// <summary>--fixed-cidr: where the default bridge's containers get their addresses from; without <see cref="BridgeAddress"/> its subnet, unless a wider one is there already.</summary>
    public IPNetwork? Range { get; init; }

    /// <summary>--fixed-cidr-v6.</summary>
    public IPNetwork? Ipv6Range { get; init; }

    /// <summary>--default-gateway: whom the default bridge's containers send through. Null: the bridge.</summary>
    public IPAddress? DefaultGateway { get; init; }

    /// <summary>--default-gateway-v6.</summary>
    public IPAddress? DefaultIpv6Gateway { get; init; }

    /// <summary>Where subnets are chosen from, in this order. A subnet that overlaps an address or route of the host is passed over.</summary>
    public IReadOnlyList<IPNetwork> AddressPools { get; init; } = Addresses.DefaultPools.Subnets;

    /// <summary>MTU of the bridge and of its sandboxes, bytes. Null: that of the host's way out, at most 1500.</summary>
    public int? Mtu { get; init; }

    /// <summary>Containers on the default bridge reach each other: --icc.</summary>
    public bool InterContainer { get; init; } = true;

    /// <summary>While the daemon lives only it changes its firewall table, where the kernel can do that (6.9). False: a table as any other, put back when it was changed.</summary>
    public bool OwnsFirewall { get; init; } = true;

    /// <summary>Sandboxes kept ready for containers on the bridge while nothing happens. 0: every one is made when asked for.</summary>
    public int ReadySandboxes { get; init; } = 6;

    /// <summary>How far that number may grow under load; each ready one holds about half a megabyte of kernel memory.</summary>
    public int MaximumReadySandboxes { get; init; } = 32;

    /// <summary>The network namespace that is the host for this daemon. Null: the one <see cref="NetworkService.StartAsync"/> is called in. Not owned.</summary>
    public FileDescriptor? HostNamespace { get; init; }

    /// <summary>Where the system's D-Bus listens, as DBUS_SYSTEM_BUS_ADDRESS has it: firewalld is told of bridges there. Null: at its usual place.</summary>
    public string? SystemBus { get; init; }

    /// <summary>A container's name by its id, for messages; null where it is not known.</summary>
    public Func<string, string?> ContainerName { get; init; } = static _ => null;

    /// <summary>Where what nobody waits for is reported: one line, no secrets.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
