using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record SystemInfo
{
    public string? ID { get; init; }

    public long? Containers { get; init; }

    public long? ContainersRunning { get; init; }

    public long? ContainersPaused { get; init; }

    public long? ContainersStopped { get; init; }

    public long? Images { get; init; }

    public string? Driver { get; init; }

    public IReadOnlyList<IReadOnlyList<string>>? DriverStatus { get; init; }

    public PluginsInfo? Plugins { get; init; }

    public bool? MemoryLimit { get; init; }

    public bool? SwapLimit { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? KernelMemory { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? KernelMemoryTCP { get; init; }

    public bool? CpuCfsPeriod { get; init; }

    public bool? CpuCfsQuota { get; init; }

    public bool? CPUShares { get; init; }

    public bool? CPUSet { get; init; }

    public bool? PidsLimit { get; init; }

    public bool? IPv4Forwarding { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BridgeNfIptables { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BridgeNfIp6tables { get; init; }

    public bool? Debug { get; init; }

    public long? NFd { get; init; }

    public bool? OomKillDisable { get; init; }

    public long? NGoroutines { get; init; }

    public string? SystemTime { get; init; }

    public string? LoggingDriver { get; init; }

    public string? CgroupDriver { get; init; }

    public string? CgroupVersion { get; init; }

    public long? NEventsListener { get; init; }

    public string? KernelVersion { get; init; }

    public string? OperatingSystem { get; init; }

    public string? OSVersion { get; init; }

    public string? OSType { get; init; }

    public string? Architecture { get; init; }

    public string? IndexServerAddress { get; init; }

    public RegistryServiceConfig? RegistryConfig { get; init; }

    public long? NCPU { get; init; }

    public long? MemTotal { get; init; }

    public IReadOnlyList<SystemInfoGenericResource>? GenericResources { get; init; }

    public string? DockerRootDir { get; init; }

    public string? HttpProxy { get; init; }

    public string? HttpsProxy { get; init; }

    public string? NoProxy { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    public bool? ExperimentalBuild { get; init; }

    public string? ServerVersion { get; init; }

    public IReadOnlyDictionary<string, Runtime>? Runtimes { get; init; }

    public string? DefaultRuntime { get; init; }

    public SwarmInfo? Swarm { get; init; }

    public bool? LiveRestoreEnabled { get; init; }

    public string? Isolation { get; init; }

    public string? InitBinary { get; init; }

    public Commit? ContainerdCommit { get; init; }

    public Commit? RuncCommit { get; init; }

    public Commit? InitCommit { get; init; }

    public IReadOnlyList<string>? SecurityOptions { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProductLicense { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SystemInfoDefaultAddressPool>? DefaultAddressPools { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FirewallInfo? FirewallBackend { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DeviceInfo>? DiscoveredDevices { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NRIInfo? NRI { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? CDISpecDirs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ContainerdInfo? Containerd { get; init; }
}
