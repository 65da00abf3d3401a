using Berth.Linux;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>Paths that a container must not read (masked) or change (read-only), as far as they exist.</summary>
internal static class MaskPlanning
{
    public static void Hide(PlanBuilder plan, RuntimeSpec spec, PlanInputs inputs)
    {
        foreach (string path in spec.Linux?.ReadonlyPaths ?? [])
        {
            var missing = new Label();
            plan.Step($"make {path} read-only", "linux.readonlyPaths");
            Slot target = plan.NewSlot();
            plan.Try(target, [Errno.ENOENT], missing, null, "openat2", TargetPlanning.OpenBelow(plan, TargetPlanning.Trim(path), Libc.O_PATH));
            Slot tree = plan.Take("open_tree", target, "", KernelFlags.CloneTreeRecursive);
            MountPlanning.SetAttributes(plan, tree, Libc.MOUNT_ATTR_RDONLY, 0, 0, recursive: true);
            MountPlanning.Attach(plan, tree, target);
            plan.Mark(missing);
        }

        Slot? empty = null, nothing = null;
        foreach (string path in spec.Linux?.MaskedPaths ?? [])
        {
            switch (inputs.Facts.Masked.GetValueOrDefault(path))
            {
                case FileKind.Folder:
                    HideFolder(plan, path, ref empty);
                    break;
                case FileKind.File:
                    HideFile(plan, path, ref nothing);
                    break;
            }
        }
    }

    // All masked folders show one empty tmpfs: a super block each would cost time and kernel memory.
    private static void HideFolder(PlanBuilder plan, string path, ref Slot? empty)
    {
        string name = TargetPlanning.Trim(path);
        plan.Step($"mask {path}", "linux.maskedPaths");
        Argument[] open = TargetPlanning.OpenBelow(plan, name, Libc.O_PATH | Libc.O_DIRECTORY);
        Slot target = plan.Take("openat2", open);
        if (empty is { } made)
        {
            MountPlanning.Attach(plan, plan.Take("open_tree", made, "", KernelFlags.CloneTree), target);
            return;
        }

        plan.Call("fchdir", target);
        plan.Call("mount", "tmpfs", ".", "tmpfs", KernelFlags.Mount(Libc.MS_RDONLY), "size=0k");
        empty = plan.Take("openat2", open);
    }

    // The container's own /dev/null. It must be that: a link in its place would mount something else over the path (CVE-2025-31133).
    private static void HideFile(PlanBuilder plan, string path, ref Slot? nothing)
    {
        plan.Step($"mask {path}", "linux.maskedPaths");
        nothing ??= plan.Take("openat2", TargetPlanning.OpenBelow(plan, "dev/null", Libc.O_PATH, noSymlinks: true));
        Slot target = plan.Take("openat2", TargetPlanning.OpenBelow(plan, TargetPlanning.Trim(path), Libc.O_PATH));
        MountPlanning.Attach(plan, plan.Take("open_tree", nothing.Value, "", KernelFlags.CloneTree), target);
    }
}
