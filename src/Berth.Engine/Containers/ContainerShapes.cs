using Berth.Api;
using Berth.Engine.Links;
using Berth.Engine.Mounts;
using Berth.Engine.Networks;
using Berth.Engine.Spec;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>Containers as the API shows them.</summary>
internal sealed class ContainerShapes(DataRoot root, ContainerPlaces places, ContainerLinks links)
{
    /// <summary>Go's zero time: never.</summary>
    private const string Never = "0001-01-01T00:00:00Z";

    /// <param name="record">Which.</param>
    /// <param name="execs">The ids of its running execs.</param>
    public ContainerInspectResponse Inspect(ContainerRecord record, IReadOnlyList<string> execs)
    {
        ContainerDocument document = record.Document;
        IReadOnlyList<string> arguments = ConfigMerge.Arguments(document.Config);
        string etc = JoinedNamespaces.Target(document.HostConfig.NetworkMode) ?? record.Id;
        return new ContainerInspectResponse
        {
            Id = record.Id,
            Created = Time(document.Created),
            Path = arguments.Count > 0 ? arguments[0] : "",
            Args = [.. arguments.Skip(1)],
            State = State(record),
            Image = document.ImageId,
            ResolvConfPath = root.ResolvConf(etc),
            HostnamePath = root.Hostname(etc),
            HostsPath = root.Hosts(etc),
            LogPath = document.HostConfig.LogConfig?.Type == "none" ? "" : root.ContainerLog(record.Id),
            Name = $"/{record.Name}",
            RestartCount = record.Status.RestartCount,
            Driver = "overlay2",
            Platform = document.Os,
            MountLabel = "",
            ProcessLabel = "",
            AppArmorProfile = "",
            ExecIDs = execs.Count > 0 ? execs : null,
            HostConfig = document.HostConfig with { Links = links.Shown(record) },
            Mounts = [.. document.Mounts.Where(m => m.Kind != MountKind.Tmpfs || m.FromMountOption).Select(Mount)],
            Config = document.Config,
            NetworkSettings = places.Settings(record),
        };
    }

    /// <param name="record">Which.</param>
    /// <param name="image">What it was made from.</param>
    /// <param name="linkNames">What the links of others call it.</param>
    public ContainerSummary Summary(ContainerRecord record, string image, IEnumerable<string> linkNames)
    {
        ContainerDocument document = record.Document;
        return new ContainerSummary
        {
            Id = record.Id,
            Names = [$"/{record.Name}", .. linkNames.Select(n => $"/{n}")],
            Image = image,
            ImageID = document.ImageId,
            Command = Command(ConfigMerge.Arguments(document.Config)),
            Created = document.Created.ToUnixTimeSeconds(),
            Ports = places.Ports(record),
            Labels = document.Config.Labels,
            State = ContainerLifecycle.Status(record.Phase),
            Status = ContainerAge.Status(record, DateTimeOffset.UtcNow),
            HostConfig = new ContainerSummaryHostConfig { NetworkMode = document.HostConfig.NetworkMode, Annotations = document.HostConfig.Annotations },
            NetworkSettings = new ContainerSummaryNetworkSettings { Networks = places.Networks(record) },
            Mounts = [.. document.Mounts.Where(m => m.Kind != MountKind.Tmpfs || m.FromMountOption).Select(Mount)],
        };
    }

    private static ContainerState State(ContainerRecord record) => new()
    {
        Status = ContainerLifecycle.Status(record.Phase),
        Running = record.IsRunning || record.Phase == Phase.Restarting,
        Paused = record.Phase == Phase.Paused,
        Restarting = record.Phase == Phase.Restarting,
        OOMKilled = record.Status.OomKilled,
        Dead = record.Phase == Phase.Dead,
        Pid = record.Pid,
        ExitCode = record.Status.ExitCode,
        Error = record.Status.Error,
        StartedAt = Time(record.Status.StartedAt),
        FinishedAt = Time(record.Status.FinishedAt),
    };

    private MountPoint Mount(ContainerMount mount) => mount.Kind switch
    {
        MountKind.Volume => new MountPoint
        {
            Type = "volume", Name = mount.Volume, Source = root.VolumeFiles(mount.Volume!), Destination = mount.Destination, Driver = "local",
            Mode = mount.Mode, RW = !mount.ReadOnly, Propagation = "",
        },
        MountKind.Bind => new MountPoint
        {
            Type = "bind", Source = mount.HostPath, Destination = mount.Destination, Mode = mount.Mode, RW = !mount.ReadOnly,
            Propagation = mount.Propagation.Length > 0 ? mount.Propagation : "rprivate",
        },
        _ => new MountPoint { Type = "tmpfs", Source = "", Destination = mount.Destination, Mode = "", RW = !mount.ReadOnly, Propagation = "" },
    };

    // As Docker prints it: arguments with spaces are quoted.
    private static string Command(IReadOnlyList<string> arguments) =>
        string.Join(' ', arguments.Select(a => a.Contains(' ', StringComparison.Ordinal) ? $"'{a}'" : a));

    private static string Time(DateTimeOffset? time) =>
        time is { } set ? ApiTime.Text(set) : Never;
}
