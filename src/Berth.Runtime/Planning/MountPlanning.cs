using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>The spec's mounts, in its order.</summary>
internal static class MountPlanning
{
    public static void Mount(PlanBuilder plan, RuntimeSpec spec, PlanInputs inputs, IReadOnlyList<Slot?> sources)
    {
        IReadOnlyList<Mount> mounts = spec.Mounts ?? [];
        for (int i = 0; i < mounts.Count; i++)
        {
            Mount mount = mounts[i];
            string target = mount.Destination is { Length: > 0 } given ? given : throw ContainerPlanning.Refusal($"mounts[{i}].destination", "is missing");
            target = inputs.Facts.Targets.GetValueOrDefault(target, target);
            if (mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 })
            {
                throw ContainerPlanning.Refusal($"mounts[{i}]", "has id mappings, which this runtime does not do");
            }

            MountOptions options = MountOptions.Parse(mount.Options, $"mounts[{i}]");
            plan.Step($"mount {mount.Type ?? "bind"} on {mount.Destination}", $"mounts[{i}]");
            if (sources[i] is { } source)
            {
                Bind(plan, source, target, options, inputs.Facts.Sources.GetValueOrDefault(mount.Source ?? ""));
            }
            else if (mount.Type is "cgroup" or "cgroup2")
            {
                CgroupMountPlanning.Mount(plan, spec, inputs, target, options);
            }
            else if (mount.Type == "devpts" && spec.Process?.Terminal == true && TargetPlanning.Trim(target) == "dev/pts")
            {
                // The parent made this one and holds the master of the process's terminal on it.
                Attach(plan, PlanBuilder.Fd("devpts"), TargetPlanning.Open(plan, target, folder: true));
            }
            else if (options.CopyUp)
            {
                // Filled by the parent: copying a tree is a loop, which a plan has not.
                Attach(plan, PlanBuilder.Fd($"copyup:{i}"), TargetPlanning.Open(plan, target, folder: true));
                (uint set, _) = MountOptions.AttributesOf(options.Set, 0);
                SetAttributes(plan, PlanBuilder.Fd($"copyup:{i}"), set, 0, 0, recursive: false);
            }
            else
            {
                FileSystem(plan, mount, target, options, i);
            }
        }
    }

    /// <summary>mount_setattr(2) on a descriptor; nothing when there is nothing to set.</summary>
    public static void SetAttributes(PlanBuilder plan, Argument tree, uint set, uint clear, uint propagation, bool recursive)
    {
        if ((set | clear | propagation) == 0)
        {
            return;
        }

        Argument flags = recursive ? KernelFlags.Named(Libc.AT_EMPTY_PATH | Libc.AT_RECURSIVE, "AT_EMPTY_PATH|AT_RECURSIVE") : KernelFlags.EmptyPath;
        plan.Call("mount_setattr", tree, "", flags, KernelFlags.MountAttributes(set, clear, propagation), 32);
    }

    public static void Attach(PlanBuilder plan, Argument tree, Argument target) => plan.Call("move_mount", tree, "", target, "", KernelFlags.MoveEmptyPaths);

    private static void Bind(PlanBuilder plan, Slot source, string target, MountOptions options, FileKind kind)
    {
        BindPlanning.Configure(plan, source, options);
        Attach(plan, source, TargetPlanning.Open(plan, target, folder: kind != FileKind.File));
    }

    // mount(2) on "." of the opened target: one call for all options of any file system, and no path that could be swapped meanwhile.
    private static void FileSystem(PlanBuilder plan, Mount mount, string target, MountOptions options, int index)
    {
        string type = mount.Type is { Length: > 0 } given ? given : throw ContainerPlanning.Refusal($"mounts[{index}].type", "is missing");
        if (options.RecursiveSet != 0 || options.RecursiveCleared != 0)
        {
            throw ContainerPlanning.Refusal($"mounts[{index}].options", "has recursive options, which only bind mounts have");
        }

        // Devices and links are still made in /dev: DevicePlanning makes it read-only afterwards.
        uint flags = IsDev(target) ? options.Set & ~Libc.MS_RDONLY : options.Set;
        if (type is "proc" or "sysfs")
        {
            OpenReal(plan, target);
        }
        else
        {
            plan.Call("fchdir", TargetPlanning.Open(plan, target, folder: true));
        }

        plan.Call("mount", mount.Source ?? type, ".", type, KernelFlags.Mount(flags), options.Data.Length > 0 ? options.Data : 0);
        if (options.Propagation is { } propagation)
        {
            // "." is still the folder below the mount.
            Slot mounted = plan.Take("openat2", TargetPlanning.OpenBelow(plan, TargetPlanning.Trim(target), Libc.O_PATH | Libc.O_DIRECTORY));
            SetAttributes(plan, mounted, 0, 0, propagation.Propagation, propagation.Recursive);
        }
    }

    public static bool IsDev(string target) => TargetPlanning.Trim(target) == "dev";

    // /proc and /sys must be the image's own folders. A link would put them elsewhere, and what is later written below /proc with them
    // (CVE-2019-16884, CVE-2023-27561: masked paths and labels went to a file system of the attacker's).
    private static void OpenReal(PlanBuilder plan, string target)
    {
        string path = TargetPlanning.Trim(target);
        int slash = path.LastIndexOf('/');
        Argument parent = slash < 0 ? plan.Root : TargetPlanning.MakeFolders(plan, path[..slash]);
        plan.Try([Linux.Errno.EEXIST], null, "mkdirat", parent, path[(slash + 1)..], KernelFlags.Octal(0x1ED));
        Slot slot = plan.Take("openat2", TargetPlanning.OpenBelow(plan, path, Libc.O_PATH | Libc.O_DIRECTORY, noSymlinks: true));
        plan.Call("fchdir", slot);
    }
}
