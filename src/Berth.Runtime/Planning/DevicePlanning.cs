using Berth.Linux;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>/dev: the nodes every container has, those of the spec, links, and the console. Nothing when /dev is the host's own.</summary>
internal static class DevicePlanning
{
    private static readonly Device[] Defaults =
    [
        Character("/dev/null", 1, 3), Character("/dev/zero", 1, 5), Character("/dev/full", 1, 7),
        Character("/dev/random", 1, 8), Character("/dev/urandom", 1, 9), Character("/dev/tty", 5, 0),
    ];

    private static readonly (string Name, string To)[] Links =
    [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"),
        ("core", "/proc/kcore"), ("ptmx", "pts/ptmx"),
    ];

    public static void Make(PlanBuilder plan, RuntimeSpec spec, PlanInputs inputs)
    {
        for (int i = 0; i < spec.Mounts?.Count; i++)
        {
            Mount mount = spec.Mounts[i];
            if (TargetPlanning.Trim(mount.Destination ?? "") == "dev" && BindPlanning.IsBind(mount, MountOptions.Parse(mount.Options, $"mounts[{i}]")))
            {
                return;
            }
        }

        plan.Step("open /dev", "the default devices");
        Slot dev = TargetPlanning.Open(plan, "/dev", folder: true);
        IReadOnlyList<Device> wanted = spec.Linux?.Devices ?? [];
        foreach (Device device in Defaults.Where(d => wanted.All(w => w.Path != d.Path)))
        {
            Make(plan, dev, device, "the default devices");
        }

        for (int i = 0; i < wanted.Count; i++)
        {
            Make(plan, dev, wanted[i], $"linux.devices[{i}]");
        }

        foreach ((string name, string to) in Links)
        {
            plan.Step($"link /dev/{name}", "the default devices");
            plan.Try([Errno.EEXIST], null, "symlinkat", to, dev, name);
        }

        if (spec.Process?.Terminal == true)
        {
            Console(plan);
        }

        SealDev(plan, spec, dev);
    }

    private static void Make(PlanBuilder plan, Slot dev, Device device, string origin)
    {
        string path = TargetPlanning.Trim(device.Path ?? throw ContainerPlanning.Refusal(origin, "has no path"));
        uint type = device.Type switch
        {
            "c" or "u" => Libc.S_IFCHR,
            "b" => Libc.S_IFBLK,
            "p" => Libc.S_IFIFO,
            _ => throw ContainerPlanning.Refusal(origin, $"has the unknown type \"{device.Type}\""),
        };
        plan.Step($"make /{path}", origin);
        int slash = path.LastIndexOf('/');
        string name = path[(slash + 1)..];
        Argument parent = path.StartsWith("dev/", StringComparison.Ordinal) && slash == 3 ? dev : slash < 0 ? plan.Root : TargetPlanning.MakeFolders(plan, path[..slash]);
        uint mode = (device.FileMode ?? 0x1B6) & 0xFFF;
        plan.Try(
            [Errno.EEXIST], null, "mknodat", parent, name,
            KernelFlags.Named(type | mode, $"{(type == Libc.S_IFBLK ? "S_IFBLK" : type == Libc.S_IFCHR ? "S_IFCHR" : "S_IFIFO")}|0{Convert.ToString(mode, 8)}"),
            KernelFlags.Named(Number(device.Major, device.Minor), $"makedev({device.Major}, {device.Minor})"));
        if (device.Uid is > 0 || device.Gid is > 0)
        {
            plan.Call("fchownat", parent, name, device.Uid ?? 0, device.Gid ?? 0, KernelFlags.Named(Libc.AT_SYMLINK_NOFOLLOW, "AT_SYMLINK_NOFOLLOW"));
        }
    }

    // The terminal's slave over an empty file: what docker attach and agetty know as the container's console.
    private static void Console(PlanBuilder plan)
    {
        plan.Step("mount the terminal on /dev/console", "process.terminal");
        Slot target = TargetPlanning.Open(plan, "/dev/console", folder: false);
        Slot tree = plan.Take("open_tree", PlanBuilder.Fd("terminal"), "", KernelFlags.CloneTree);
        MountPlanning.Attach(plan, tree, target);
    }

    // A read-only /dev had to be writable until now.
    private static void SealDev(PlanBuilder plan, RuntimeSpec spec, Slot dev)
    {
        for (int i = 0; i < spec.Mounts?.Count; i++)
        {
            if (MountPlanning.IsDev(spec.Mounts[i].Destination ?? "") && (MountOptions.Parse(spec.Mounts[i].Options, $"mounts[{i}]").Set & Libc.MS_RDONLY) != 0)
            {
                plan.Step("make /dev read-only", $"mounts[{i}]");
                MountPlanning.SetAttributes(plan, dev, Libc.MOUNT_ATTR_RDONLY, 0, 0, recursive: false);
            }
        }
    }

    private static Device Character(string path, long major, long minor) => new() { Path = path, Type = "c", Major = major, Minor = minor };

    // makedev(3): the kernel's 32-bit form is enough for mknod (12 bits of major, 20 of minor).
    private static long Number(long major, long minor) => (major & 0xfff) << 8 | (minor & 0xff) | (minor & ~0xffL) << 12;
}
