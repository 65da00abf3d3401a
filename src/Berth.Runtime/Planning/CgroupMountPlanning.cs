using Berth.Linux;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>
/// /sys/fs/cgroup inside: on v2 the container's own subtree, on v1 a tmpfs with one folder a hierarchy. With a cgroup namespace the kernel shows
/// the subtree by itself; without one it is bound, and then the source was opened before the root was entered.
/// </summary>
internal static class CgroupMountPlanning
{
    /// <summary>Opens what a container without a cgroup namespace sees; called with the other sources.</summary>
    public static IReadOnlyDictionary<string, Slot> Open(PlanBuilder plan, RuntimeSpec spec, PlanInputs inputs)
    {
        var opened = new Dictionary<string, Slot>(StringComparer.Ordinal);
        if (NamespacePlanning.Has(spec, "cgroup") || spec.Mounts?.Any(m => m.Type is "cgroup" or "cgroup2") != true)
        {
            return opened;
        }

        foreach (CgroupView view in inputs.Facts.Cgroups)
        {
            plan.Step($"open cgroup {view.HostPath}", "mounts");
            opened[view.Folder] = plan.Take("open_tree", KernelFlags.Cwd, view.HostPath, BindPlanning.OpenTree(recursive: false));
        }

        return opened;
    }

    public static void Mount(PlanBuilder plan, RuntimeSpec spec, PlanInputs inputs, string target, MountOptions options)
    {
        Slot place = TargetPlanning.Open(plan, target, folder: true);
        if (inputs.Facts.CgroupVersion == 2)
        {
            View(plan, inputs.Facts.Cgroups[0], "cgroup2", place, options);
            return;
        }

        plan.Call("fchdir", place);
        plan.Call("mount", "tmpfs", ".", "tmpfs", KernelFlags.Mount(Libc.MS_NOSUID | Libc.MS_NODEV | Libc.MS_NOEXEC), "mode=755");
        string path = TargetPlanning.Trim(target);
        Slot folder = plan.Take("openat2", TargetPlanning.OpenBelow(plan, path, Libc.O_PATH | Libc.O_DIRECTORY));
        foreach (CgroupView view in inputs.Facts.Cgroups)
        {
            plan.Call("mkdirat", folder, view.Folder, KernelFlags.Octal(0x1ED));
            Slot hierarchy = plan.Take("openat2", TargetPlanning.OpenBelow(plan, $"{path}/{view.Folder}", Libc.O_PATH | Libc.O_DIRECTORY));
            View(plan, view, "cgroup", hierarchy, options);
            foreach (string alias in view.Aliases)
            {
                plan.Try([Errno.EEXIST], null, "symlinkat", view.Folder, folder, alias);
            }
        }

        if ((options.Set & Libc.MS_RDONLY) != 0)
        {
            MountPlanning.SetAttributes(plan, folder, Libc.MOUNT_ATTR_RDONLY, 0, 0, recursive: false);
        }
    }

    private static void View(PlanBuilder plan, CgroupView view, string type, Slot place, MountOptions options)
    {
        if (plan.CgroupTrees.TryGetValue(view.Folder, out Slot tree))
        {
            (uint set, uint clear) = MountOptions.AttributesOf(options.Set, options.Cleared);
            MountPlanning.SetAttributes(plan, tree, set, clear, Libc.MS_PRIVATE, recursive: false);
            MountPlanning.Attach(plan, tree, place);
            return;
        }

        plan.Call("fchdir", place);
        plan.Call("mount", "cgroup", ".", type, KernelFlags.Mount(options.Set), view.MountData.Length > 0 ? view.MountData : 0);
    }
}
