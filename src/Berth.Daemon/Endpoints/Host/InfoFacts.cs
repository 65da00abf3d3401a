using System.Globalization;
using System.Runtime.InteropServices;
using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine;

namespace Berth.Daemon.Endpoints.Host;

/// <summary>What GET /info says: read anew each time, so that it is true.</summary>
internal static class InfoFacts
{
    private const string RuntimeName = "berth-runtime";

    public static async Task<SystemInfo> ReadAsync(DaemonServices services, CancellationToken cancel)
    {
        IReadOnlyList<ContainerSummary> containers = await services.Engine.Queries.ListAsync(all: true, 0, size: false, Filters.None, cancel).ConfigureAwait(false);
        int running = containers.Count(static c => c.State == "running"), paused = containers.Count(static c => c.State == "paused");
        (string name, string version) = OsRelease.Read();
        string runtime = services.EngineOptions.RuntimePath;
        return Controllers(new SystemInfo
        {
            ID = services.EngineId,
            Containers = containers.Count,
            ContainersRunning = running,
            ContainersPaused = paused,
            ContainersStopped = containers.Count - running - paused,
            Images = services.Engine.Images.Count,
            Driver = "overlay",
            DriverStatus = [["Backing Filesystem", new DriveInfo(services.Options.DataRoot).DriveFormat], ["Mounts", "fsopen"]],
            Plugins = new PluginsInfo { Volume = ["local"], Network = ["bridge", "host", "null"], Log = ["json-file"] },
            IPv4Forwarding = Reads("/proc/sys/net/ipv4/ip_forward", "1"),
            BridgeNfIptables = Reads("/proc/sys/net/bridge/bridge-nf-call-iptables", "1"),
            BridgeNfIp6tables = Reads("/proc/sys/net/bridge/bridge-nf-call-ip6tables", "1"),
            Debug = services.Options.Debug,
            NFd = Directory.GetFileSystemEntries("/proc/self/fd").Length,
            NGoroutines = ThreadPool.ThreadCount,
            SystemTime = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
            LoggingDriver = "json-file",
            CgroupDriver = "cgroupfs",
            KernelVersion = VersionFacts.Kernel,
            OperatingSystem = name,
            OSVersion = version,
            OSType = "linux",
            Architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64",
            IndexServerAddress = "https://index.docker.io/v1/",
            RegistryConfig = RegistryFacts.Of(services.EngineOptions.Registries),
            NCPU = Environment.ProcessorCount,
            MemTotal = MemTotal(),
            DockerRootDir = services.Options.DataRoot,
            Name = Environment.MachineName,
            Labels = [],
            ServerVersion = DaemonProgram.Version,
            Runtimes = new Dictionary<string, Berth.Api.Runtime> { [RuntimeName] = new() { Path = runtime } },
            DefaultRuntime = RuntimeName,
            Swarm = new SwarmInfo { LocalNodeState = "inactive" },
            LiveRestoreEnabled = true,
            InitBinary = "",
            ContainerdCommit = new Commit(),
            RuncCommit = new Commit { ID = DaemonProgram.Version, Expected = DaemonProgram.Version },
            InitCommit = new Commit(),
            SecurityOptions = ["name=seccomp,profile=builtin"],
        });
    }

    private static SystemInfo Controllers(SystemInfo info)
    {
        CgroupFacts facts = CgroupFacts.Read();
        bool memory = facts.Has("memory"), cpu = facts.Has("cpu");
        return info with
        {
            CgroupVersion = facts.IsUnified ? "2" : "1",
            MemoryLimit = memory,
            SwapLimit = memory && facts.LimitsSwap,
            CpuCfsPeriod = cpu,
            CpuCfsQuota = cpu,
            CPUShares = cpu,
            CPUSet = facts.Has("cpuset"),
            PidsLimit = facts.Has("pids"),
            OomKillDisable = memory && !facts.IsUnified,
            Warnings = facts.Warnings(),
        };
    }

    private static bool Reads(string path, string value) => File.Exists(path) && File.ReadAllText(path).Trim() == value;

    // "MemTotal:       24683620 kB" is the first line.
    private static long MemTotal()
    {
        string line = File.ReadLines("/proc/meminfo").First();
        string digits = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(digits, CultureInfo.InvariantCulture) * 1024;
    }
}
