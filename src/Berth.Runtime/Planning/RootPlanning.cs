using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>The root file system. pivot_root(2), with the new and the old root at one place so that no folder for the old one is needed.</summary>
internal static class RootPlanning
{
    public static void Enter(PlanBuilder plan, RuntimeSpec spec, PlanInputs inputs)
    {
        plan.Step("keep mounts from the host", "linux.namespaces");
        plan.Call("mount", 0, "/", 0, KernelFlags.Mount(Libc.MS_REC | Libc.MS_SLAVE), 0);

        string attach = inputs.Bundle;
        if (!inputs.RootIsDescriptor)
        {
            string path = spec.Root?.Path is { Length: > 0 } given ? given : throw ContainerPlanning.Refusal("root.path", "is missing");
            attach = Path.Combine(inputs.Bundle, path);
            plan.Step($"open root file system {attach}", "root.path");
            plan.Root = plan.Take("open_tree", KernelFlags.Cwd, attach, KernelFlags.Named(Libc.OPEN_TREE_CLONE | Libc.O_CLOEXEC | Libc.AT_RECURSIVE, "OPEN_TREE_CLONE|AT_RECURSIVE"));
        }

        plan.Step($"enter root file system at {attach}", "root");
        string over = inputs.NoPivot ? "/" : attach;
        plan.Call("move_mount", plan.Root, "", KernelFlags.Cwd, over, KernelFlags.Named(Libc.MOVE_MOUNT_F_EMPTY_PATH, "MOVE_MOUNT_F_EMPTY_PATH"));
        plan.Call("fchdir", plan.Root);
        if (inputs.NoPivot)
        {
            plan.Call("chroot", ".");
            return;
        }

        plan.Call("pivot_root", ".", ".");
        plan.Call("umount2", ".", KernelFlags.Named(Libc.MNT_DETACH, "MNT_DETACH"));
    }

    /// <summary>What would stand in the way of the steps before it.</summary>
    public static void Finish(PlanBuilder plan, RuntimeSpec spec)
    {
        if (!string.IsNullOrEmpty(spec.Linux?.RootfsPropagation))
        {
            (uint propagation, bool recursive) = MountOptions.PropagationOf(spec.Linux.RootfsPropagation)
                ?? throw ContainerPlanning.Refusal("linux.rootfsPropagation", $"is \"{spec.Linux.RootfsPropagation}\", which is none");
            plan.Step("set propagation of the root", "linux.rootfsPropagation");
            MountPlanning.SetAttributes(plan, plan.Root, 0, 0, propagation, recursive);
        }

        if (spec.Root?.Readonly == true)
        {
            plan.Step("make the root read-only", "root.readonly");
            MountPlanning.SetAttributes(plan, plan.Root, Libc.MOUNT_ATTR_RDONLY, 0, 0, recursive: false);
        }
    }
}
