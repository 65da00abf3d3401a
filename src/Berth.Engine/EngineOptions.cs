using Berth.Images.Limits;
using Berth.Images.Registries;
using Berth.Images.Signatures;
using Berth.Linux.Tracing;
using Berth.Network;
using Berth.Storage.Failpoints;

namespace Berth.Engine;

/// <summary>Where one engine lives. Several may run side by side when every member differs.</summary>
public sealed record EngineOptions
{
    /// <summary>What has to survive a reboot: database, blobs, snapshots, logs.</summary>
    public required string DataRoot { get; init; }

    /// <summary>What a reboot may wipe: one folder per running container.</summary>
    public required string RunRoot { get; init; }

    /// <summary>The default bridge's name.</summary>
    public string Bridge { get; init; } = "berth0";

    /// <summary>The default bridge's own address; null: chosen once and kept.</summary>
    public BridgeAddress? BridgeAddress { get; init; }

    /// <summary>The default bridge's MTU in bytes; null: as the host's way out.</summary>
    public int? Mtu { get; init; }

    /// <summary>Containers on the default bridge reach each other without a link.</summary>
    public bool InterContainer { get; init; } = true;

    /// <summary>--ip: where ports of the default bridge's containers are published that name no address; null: everywhere.</summary>
    public System.Net.IPAddress? HostBinding { get; init; }

    /// <summary>The default bridge speaks IPv6 too.</summary>
    public bool EnableIpv6 { get; init; }

    /// <summary>Its own IPv6 address; null: chosen once and kept.</summary>
    public BridgeAddress? BridgeIpv6Address { get; init; }

    /// <summary>--fixed-cidr: where the default bridge's containers get their addresses from.</summary>
    public System.Net.IPNetwork? Range { get; init; }

    /// <summary>--fixed-cidr-v6.</summary>
    public System.Net.IPNetwork? Ipv6Range { get; init; }

    /// <summary>Whom the default bridge's containers send through; null: the bridge.</summary>
    public System.Net.IPAddress? DefaultGateway { get; init; }

    /// <summary>--default-gateway-v6.</summary>
    public System.Net.IPAddress? DefaultIpv6Gateway { get; init; }

    /// <summary>Where networks get their subnets from, in this order; empty: the private ranges that Docker uses too.</summary>
    public IReadOnlyList<System.Net.IPNetwork> AddressPools { get; init; } = [];

    /// <summary>Published ports pass the host's own input rules unless a container says otherwise: --publish-policy=host.</summary>
    public bool PublishThroughHost { get; init; }

    /// <summary>How registries are reached.</summary>
    public RegistryOptions Registries { get; init; } = new();

    /// <summary>Whose signatures images need; null: nobody's.</summary>
    public SignaturePolicy? SignaturePolicy { get; init; }

    /// <summary>The limit of open files that containers get without one of their own; null: this process's.</summary>
    public Linux.Processes.OpenFileLimit? OpenFiles { get; init; }

    /// <summary>Below which cgroup containers lie, relative to each hierarchy's root.</summary>
    public string CgroupParent { get; init; } = "/berth";

    /// <summary>The berth-runtime program.</summary>
    public required string RuntimePath { get; init; }

    /// <summary>The program that --init makes the first process; null refuses --init by name.</summary>
    public string? InitPath { get; init; }

    /// <summary>NAME=VALUE for monitors, which inherit nothing.</summary>
    public IReadOnlyList<string> MonitorEnvironment { get; init; } = [];

    /// <summary>How much of the disk images may take.</summary>
    public DiskLimits DiskLimits { get; init; } = new(null, null);

    /// <summary>Where the engine tells of what it could not do and nobody asked for: one line each.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Counts durable steps, and kills at one of them in crash tests.</summary>
    public Durable Durable { get; init; } = Durable.None();

    /// <summary>Where the time of a run goes.</summary>
    public TraceLog Trace { get; init; } = TraceLog.Open(null, "berthd");

    /// <summary>Sandboxes kept ready on the bridge.</summary>
    public int ReadySandboxes { get; init; } = 6;

    /// <summary>An image archive that a new store is filled with; null, or no such file: none.</summary>
    public string? BuiltInImage { get; init; }

    /// <summary>The host's file system as the engine sees it; tests put another folder here.</summary>
    public string HostRoot { get; init; } = "/";
}
