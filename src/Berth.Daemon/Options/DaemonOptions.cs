using Berth.Images.Registries;
using Berth.Network;
using Berth.Storage;
using Microsoft.Extensions.Logging;

namespace Berth.Daemon.Options;

/// <summary>berthd's command line. Several daemons run side by side when all places differ.</summary>
internal sealed record DaemonOptions
{
    public string DataRoot { get; init; } = Storage.DataRoot.DefaultData;

    public string RunRoot { get; init; } = Storage.DataRoot.DefaultRun;

    /// <summary>Unix sockets to listen at; empty: the run root's own.</summary>
    public IReadOnlyList<string> Sockets { get; init; } = [];

    /// <summary>The default bridge.</summary>
    public string Bridge { get; init; } = "berth0";

    /// <summary>The default bridge's own address; null: a free subnet is chosen once and kept.</summary>
    public BridgeAddress? BridgeAddress { get; init; }

    /// <summary>Bytes; null: as the host's way out.</summary>
    public int? Mtu { get; init; }

    /// <summary>Containers on the default bridge reach each other.</summary>
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

    /// <summary>Where networks get their subnets from; empty: the private ranges that Docker uses too.</summary>
    public IReadOnlyList<System.Net.IPNetwork> AddressPools { get; init; } = [];

    /// <summary>Published ports pass the host's own input rules.</summary>
    public bool PublishThroughHost { get; init; }

    /// <summary>How registries are reached; proxies come from the environment.</summary>
    public RegistryOptions Registries { get; init; } = new();

    /// <summary>The file that says whose signatures images need; null: the default one, where it exists.</summary>
    public string? SignaturePolicy { get; init; }

    /// <summary>Below which cgroup containers lie, relative to each hierarchy's root.</summary>
    public string CgroupParent { get; init; } = "/berth";

    /// <summary>The berth-runtime program; null: the one beside this program.</summary>
    public string? Runtime { get; init; }

    /// <summary>An image archive that a new store is filled with; null: the one installed beside this program, where there is one.</summary>
    public string? BuiltInImage { get; init; }

    /// <summary>Most bytes that images may take; null: no limit.</summary>
    public long? ImageCap { get; init; }

    /// <summary>Bytes that stay free on the data root's disk, as far as images can give way; null: none.</summary>
    public long? FreeSpaceFloor { get; init; }

    /// <summary>Where to write the process id; null: the run root's own file.</summary>
    public string? PidFile { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    public bool Debug { get; init; }

    /// <summary>What to do instead of running.</summary>
    public DaemonAction Action { get; init; }

    /// <summary>The paths of the data and run roots.</summary>
    public DataRoot Root => new(DataRoot, RunRoot);

    /// <summary>Where to listen in the end.</summary>
    public IReadOnlyList<string> ListenAt => Sockets.Count > 0 ? Sockets : [Root.Socket];
}
