using System.Globalization;

using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;
using Berth.Runtime.Planning;

using Process = Berth.Oci.Runtime.Process;

namespace Berth.Runtime.Init;

/// <summary>Reads what plans depend on. Only looks.</summary>
internal static unsafe class HostInspection
{
    /// <summary>Facts for a first process.</summary>
    public static HostFacts ForContainer(RuntimeSpec spec, string bundle, FileDescriptor root, ICgroupDriver driver, string cgroup, Stdio? stdio)
    {
        Process process = spec.Process ?? throw ContainerPlanning.Refusal("process", "is missing");
        return ForProcess(process, stdio) with
        {
            Sources = Sources(spec, bundle),
            Masked = Masked(spec, bundle, root),
            Targets = Targets(spec, root),
            CgroupVersion = driver.Version,
            Cgroups = [.. driver.Hierarchies.Select(h => new CgroupView(
                h.Name, h.Options, h.Folder(cgroup), h.Name.Contains(',', StringComparison.Ordinal) ? h.Name.Split(',') : []))],
        };
    }

    /// <summary>Facts for any process.</summary>
    public static HostFacts ForProcess(Process process, Stdio? stdio)
    {
        string status = SmallFile.Read("/proc/self/status");
        return new HostFacts
        {
            IgnoredSignals = Mask(status, "SigIgn:"),
            PermittedCapabilities = Mask(status, "CapPrm:"),
            LastCapability = int.Parse(SmallFile.TryRead("/proc/sys/kernel/cap_last_cap") ?? "40", CultureInfo.InvariantCulture),
            Rlimits = process.Rlimits is { Count: > 0 } ? Rlimits() : new Dictionary<int, (ulong, ulong)>(),
            StdioOwnable = stdio is null ? [false, false, false] : [Ownable(stdio.Input), Ownable(stdio.Output), Ownable(stdio.Error)],
            AppArmor = !string.IsNullOrEmpty(process.ApparmorProfile) && SmallFile.TryRead("/sys/module/apparmor/parameters/enabled")?.Trim() == "Y",
            SeLinux = !string.IsNullOrEmpty(process.SelinuxLabel) && SmallFile.TryRead("/sys/fs/selinux/enforce") is not null,
        };
    }

    private static bool Ownable(FileDescriptor descriptor) => FileType.IsChannel(FileType.Of(descriptor));

    private static ulong Mask(string status, string name)
    {
        int at = status.IndexOf(name, StringComparison.Ordinal);
        return ulong.Parse(status.AsSpan(at + name.Length).TrimStart()[..16], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static Dictionary<int, (ulong, ulong)> Rlimits()
    {
        var limits = new Dictionary<int, (ulong, ulong)>();
        for (int resource = 0; resource < RlimitPlanning.Count; resource++)
        {
            Libc.rlimit64 limit;
            if (Libc.prlimit64(0, resource, null, &limit) == 0)
            {
                limits[resource] = (limit.rlim_cur, limit.rlim_max);
            }
        }

        return limits;
    }

    private static Dictionary<string, FileKind> Sources(RuntimeSpec spec, string bundle)
    {
        var kinds = new Dictionary<string, FileKind>(StringComparer.Ordinal);
        for (int i = 0; i < spec.Mounts?.Count; i++)
        {
            Mount mount = spec.Mounts[i];
            if (BindPlanning.IsBind(mount, MountOptions.Parse(mount.Options, $"mounts[{i}]")))
            {
                kinds[mount.Source ?? ""] = KindOf(FileType.Of(BindPlanning.SourceOf(mount, i, bundle)));
            }
        }

        return kinds;
    }

    // Only where a target is missing may a dangling link be on its way, which mkdir would trip over.
    private static Dictionary<string, string> Targets(RuntimeSpec spec, FileDescriptor root)
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Mount mount in spec.Mounts ?? [])
        {
            if (mount.Destination is not { Length: > 0 } target)
            {
                continue;
            }

            using FileDescriptor? there = FileDescriptor.TryOpenBelow(root, target, Libc.O_PATH, out _);
            if (there is null && RootPath.Resolve(root, target) is var real && TargetPlanning.Trim(real) != TargetPlanning.Trim(target))
            {
                targets[target] = real;
            }
        }

        return targets;
    }

    // /proc and /sys of the container hold what the host's hold: one kernel. Elsewhere the image, or the source of a bind mount, is asked.
    private static Dictionary<string, FileKind> Masked(RuntimeSpec spec, string bundle, FileDescriptor root)
    {
        var kinds = new Dictionary<string, FileKind>(StringComparer.Ordinal);
        foreach (string path in spec.Linux?.MaskedPaths ?? [])
        {
            string name = "/" + TargetPlanning.Trim(path);
            Mount? over = spec.Mounts?.LastOrDefault(m => Covers(m.Destination, name));
            kinds[path] = over switch
            {
                null => Below(root, name),
                { Type: "proc" or "sysfs" } => KindOf(FileType.Of(name)),
                { Source: { Length: > 0 } source, Destination: { } at } when over.Type is "bind" or null or "none" =>
                    KindOf(FileType.Of(Path.Combine(bundle, source) + name[("/" + TargetPlanning.Trim(at)).Length..])),
                _ => FileKind.Missing,
            };
        }

        return kinds;
    }

    private static bool Covers(string? destination, string path)
    {
        string folder = "/" + TargetPlanning.Trim(destination ?? "");
        return path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
    }

    private static FileKind Below(FileDescriptor root, string path)
    {
        using FileDescriptor? file = FileDescriptor.TryOpenBelow(root, path, Libc.O_PATH, out _);
        return file is null ? FileKind.Missing : KindOf(FileType.Of(file));
    }

    private static FileKind KindOf(uint mode) => mode == 0 ? FileKind.Missing : FileType.IsFolder(mode) ? FileKind.Folder : FileKind.File;
}
