using System.Text.Json;

using Berth.Engine.Logs;
using Berth.Engine.Mounts;
using Berth.Engine.Spec;
using Berth.Oci.Monitor;
using Berth.Oci.Runtime;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>Writes what a monitor starts from: spec, request and the files of /etc, all derived, in the run folder.</summary>
internal sealed class ContainerBundle(DataRoot root, EngineOptions options, HostFacts host, SeccompProfiles seccomp, ContainerEtc etc)
{
    private const uint Private = 0x180; // 0600

    /// <summary>The cgroup of a container, relative to each hierarchy's root.</summary>
    public string CgroupPath(ContainerRecord record) =>
        $"{(string.IsNullOrEmpty(record.Document.HostConfig.CgroupParent) ? options.CgroupParent : record.Document.HostConfig.CgroupParent)}/{record.Id}";

    /// <summary>Makes the run folder with all that is in it.</summary>
    /// <param name="record">Whose.</param>
    /// <param name="launch">Root and network, open already.</param>
    /// <param name="namespaces">Joined ones, by type.</param>
    public void Write(ContainerRecord record, Launch launch, JoinedNamespaces namespaces)
    {
        string id = record.Id;
        Directory.CreateDirectory(root.RunContainer(id), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        options.Durable.Step("run folder");
        if (namespaces.NetworkOf is null)
        {
            etc.Write(record, launch.Sandbox?.Endpoints ?? []);
        } // else it shares the other container's files

        RunFile.Write(root.RuntimeConfig(id), JsonSerializer.SerializeToUtf8Bytes(Spec(record, launch, namespaces), RuntimeJson.Default.RuntimeSpec), Private);
        RunFile.Write(root.MonitorRequest(id), JsonSerializer.SerializeToUtf8Bytes(Request(record, launch), MonitorJson.Default.MonitorRequest), Private);
        options.Durable.Step("bundle");
    }

    private RuntimeSpec Spec(ContainerRecord record, Launch launch, JoinedNamespaces namespaces)
    {
        ContainerDocument document = record.Document;
        UserDatabase users = RootFiles.ReadUsers(launch.Root!);
        (User user, string home) = UserResolution.Resolve(document.Config.User, document.HostConfig.GroupAdd, users);
        if (document.Config.WorkingDir is { Length: > 0 } folder)
        {
            RootFiles.MakeFolders(launch.Root!, CleanPath.Of(folder));
        }

        string etc = namespaces.NetworkOf ?? record.Id;
        return SpecBuilder.Build(new SpecInput
        {
            Id = record.Id,
            Config = document.Config with { Env = [.. launch.LinkEnvironment, .. document.Config.Env ?? []] },
            HostConfig = document.HostConfig,
            Host = host,
            Mounts = [.. document.Mounts.Select(m => (m, Source(m)))],
            User = user,
            Home = home,
            CgroupPath = CgroupPath(record),
            HostsPath = root.Hosts(etc),
            HostnamePath = root.Hostname(etc),
            ResolvConfPath = root.ResolvConf(etc),
            JoinedNamespaces = namespaces.Paths,
            NetworkIsDescriptor = launch.Network is not null,
            SharedMemoryPath = namespaces.SharedMemory,
            Devices = HostDevices.Of(document.HostConfig),
            Seccomp = seccomp.Of(document.HostConfig, SpecBuilder.CapabilitySets(document.HostConfig, host).Bounding!),
            OpenFiles = options.OpenFiles,
            InitPath = document.HostConfig.Init == true && document.HostConfig.PidMode is null or "" or "private" ? options.InitPath : null,
        });
    }

    private MonitorRequest Request(ContainerRecord record, Launch launch)
    {
        string id = record.Id;
        LogLimits log = LogLimits.Of(record.Document.HostConfig.LogConfig);
        return new MonitorRequest
        {
            Id = id,
            Socket = root.MonitorSocket(id),
            StatePath = root.MonitorState(id),
            ExitPath = root.ContainerExit(id),
            ExecFolder = root.ExecExits(id),
            LogPath = log.Keep ? root.ContainerLog(id) : null,
            LogMaxSize = log.MaxSize,
            LogMaxFiles = log.MaxFiles,
            OpenStdin = record.Document.Config.OpenStdin == true,
            StdinOnce = record.Document.Config.StdinOnce == true,
            RootIsDescriptor = true,
            NetworkIsDescriptor = launch.Network is not null,
            Attachments = [.. launch.Attachments.Select((a, i) => a.Streams with { Descriptor = ContainerLaunch.FirstAttachment + i })],
            Ports = [.. launch.Ports.Select(p => p.Port)],
            MonitorCgroup = $"{options.CgroupParent}-monitors",
            Durable = !record.AutoRemove,
        };
    }

    private string? Source(ContainerMount mount)
    {
        switch (mount.Kind)
        {
            case MountKind.Volume:
                string files = root.VolumeFiles(mount.Volume!);
                Directory.CreateDirectory(files); // its row is older than its folder
                return files;
            case MountKind.Bind:
                if (!Path.Exists(mount.HostPath))
                {
                    if (!mount.MakeHostPath)
                    {
                        throw EngineException.Invalid($"invalid mount config for type \"bind\": bind source path does not exist: {mount.HostPath}");
                    }

                    Directory.CreateDirectory(mount.HostPath!);
                }

                MountPropagation.Check(mount);
                return mount.HostPath;
            default:
                return null;
        }
    }
}
