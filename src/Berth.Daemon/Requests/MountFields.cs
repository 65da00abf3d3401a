using static Berth.Daemon.Requests.FieldRule;

namespace Berth.Daemon.Requests;

/// <summary>Which fields of --mount are honoured.</summary>
internal static class MountFields
{
    public static readonly FieldRules Bind = new()
    {
        ["Propagation"] = Honoured,
        ["NonRecursive"] = Honoured,
        ["CreateMountpoint"] = Honoured,
        ["ReadOnlyNonRecursive"] = Refused,
        ["ReadOnlyForceRecursive"] = Refused,
    };

    public static readonly FieldRules Volume = new()
    {
        ["NoCopy"] = Honoured,
        ["Labels"] = Honoured,
        ["DriverConfig"] = Object(new() { ["Name"] = Only("\"local\""), ["Options"] = Refused }),
        ["Subpath"] = Refused,
    };

    public static readonly FieldRules Tmpfs = new() { ["SizeBytes"] = Honoured, ["Mode"] = Honoured, ["Options"] = Refused };

    /// <summary>One element of HostConfig.Mounts.</summary>
    public static readonly FieldRules Mount = new()
    {
        ["Target"] = Honoured,
        ["Source"] = Honoured,
        ["Type"] = Only("\"bind\"", "\"volume\"", "\"tmpfs\""),
        ["ReadOnly"] = Honoured,

        // A hint for file sharing on macOS; Linux ignores it in Docker too.
        ["Consistency"] = Honoured,
        ["BindOptions"] = Object(Bind),
        ["VolumeOptions"] = Object(Volume),
        ["ImageOptions"] = Object(new() { ["Subpath"] = Refused }),
        ["TmpfsOptions"] = Object(Tmpfs),
    };
}
