using Berth.Cli.Json;

namespace Berth.Cli.Templates;

/// <summary>
/// What JSON does not tell and Go's types do: which objects are maps (keys of the user's own) and which are structures, what a null stands
/// for, and the fields whose name in Go is not their name in JSON.
/// </summary>
internal static class GoShape
{
    private static readonly string[] Maps =
    [
        "Labels", "Options", "DriverOpts", "ExposedPorts", "Volumes", "PortBindings", "Ports", "Networks", "Sysctls", "Tmpfs", "StorageOpt", "Annotations",
        "Data", "Attributes", "Containers", "Runtimes", "IndexConfigs", "AuxiliaryAddresses", "Details", "Status",
    ];

    private static readonly string[] Pointers =
    [
        "MemorySwappiness", "OomKillDisable", "PidsLimit", "Init", "StopTimeout", "Healthcheck", "Health", "IPAMConfig", "Config", "HostConfig",
        "State", "NetworkSettings", "BindOptions", "VolumeOptions", "TmpfsOptions", "ImageOptions", "DriverConfig", "UsageData", "ClusterVolume",
        "SizeRw", "SizeRootFs", "Cluster", "Descriptor", "ImageManifestDescriptor",
    ];

    // Fields that are left out of the JSON when they have nothing to say.
    private static readonly string[] AbsentPointers = ["Health", "Healthcheck", "StopTimeout", "SizeRw", "SizeRootFs", "Init"];
    private static readonly string[] AbsentLists = ["Shell", "OnBuild", "Mounts"];
    private static readonly string[] AbsentTexts = ["StopSignal", "MacAddress", "Comment", "Author", "DockerVersion", "Parent"];
    private static readonly string[] AbsentTruths = ["ArgsEscaped", "NetworkDisabled"];

    // Fields of Go's types whose JSON name differs.
    private static readonly (string Go, string Json)[] Renamed =
    [
        ("ID", "Id"), ("DNS", "Dns"), ("DNSOptions", "DnsOptions"), ("DNSSearch", "DnsSearch"), ("HostIP", "HostIp"), ("NanoCPUs", "NanoCpus"),
        ("CPUShares", "CpuShares"), ("CPUPeriod", "CpuPeriod"), ("CPUQuota", "CpuQuota"), ("CPURealtimePeriod", "CpuRealtimePeriod"),
        ("CPURealtimeRuntime", "CpuRealtimeRuntime"), ("CPUCount", "CpuCount"), ("CPUPercent", "CpuPercent"), ("APIVersion", "ApiVersion"),
        ("MinAPIVersion", "MinAPIVersion"), ("BridgeNfIptables", "BridgeNfIptables"), ("CPUSet", "CPUSet"), ("IPv4Address", "IPv4Address"),
        ("Type", "type"), ("Action", "Action"), ("Status", "status"), ("From", "from"), ("ID", "id"), ("Time", "time"), ("TimeNano", "timeNano"), ("Scope", "scope"),
        ("CPUCfsPeriod", "CpuCfsPeriod"), ("CPUCfsQuota", "CpuCfsQuota"),
    ];

    /// <summary>Marks every object in a document as map or structure, by the member it stands in.</summary>
    public static object? Mark(object? value, string name = "", string parent = "")
    {
        switch (value)
        {
            case JsonObject members:
                members.Shape = Array.IndexOf(Maps, name) >= 0 || (name == "Config" && parent == "LogConfig") ? JsonShape.Map : JsonShape.Struct;
                foreach ((string member, object? inner) in members.Members)
                {
                    Mark(inner, members.Shape == JsonShape.Struct ? member : "", name);
                }

                break;
            case JsonList list:
                foreach (object? item in list)
                {
                    Mark(item, "", name);
                }

                break;
            default:
                break;
        }

        return value;
    }

    /// <summary>A structure's field by its name in Go or in JSON.</summary>
    public static bool TryField(JsonObject value, string name, out object? field)
    {
        if (value.TryGet(name, out field))
        {
            field ??= value.Shape == JsonShape.Struct ? NullOf(name) : null;
            return true;
        }

        foreach ((string go, string json) in Renamed)
        {
            if (go == name && value.TryGet(json, out field))
            {
                field ??= NullOf(json);
                return true;
            }
        }

        field = value.Shape == JsonShape.Struct ? AbsentOf(name) : null;
        return field is not null;
    }

    private static object? AbsentOf(string name) =>
        Array.IndexOf(AbsentPointers, name) >= 0 ? TypedNull.Absent(name)
        : Array.IndexOf(AbsentLists, name) >= 0 ? TypedNull.List
        : Array.IndexOf(AbsentTexts, name) >= 0 ? ""
        : Array.IndexOf(AbsentTruths, name) >= 0 ? false
        : name is "Tmpfs" or "Sysctls" or "StorageOpt" or "Annotations" ? TypedNull.Map
        : null;

    /// <summary>What a null under this name stands for.</summary>
    public static TypedNull NullOf(string name) =>
        Array.IndexOf(Maps, name) >= 0 ? TypedNull.Map
        : Array.IndexOf(Pointers, name) >= 0 ? TypedNull.Pointer
        : TypedNull.List;
}
