using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>The root file system. pivot_root(2), with the new and the old root at one place so that no folder for the old one is needed.</summary>
internal static class RootPlanning
{
    /// <summary>Opens it before all other mounts: /proc/mounts inside lists mounts in the order they were made.</summary>
    public static void Open(PlanBuilder plan, RuntimeSpec spec, PlanInputs inputs)
    {
        if (inputs.RootIsDescriptor)
        {
            return;
        }

        string path = PathOf(spec, inputs);
        plan.Step($"open root file system {path}", "root.path");
        plan.Root = plan.Take("open_tree", KernelFlags.Cwd, path, BindPlanning.OpenTree(recursive: true));
        MountPlanning.SetAttributes(plan, plan.Root, 0, 0, Libc.MS_SLAVE, recursive: true);
    }

    public static void Enter(PlanBuilder plan, RuntimeSpec spec, PlanInputs inputs)
    {
        plan.Step("keep mounts from the host", "linux.namespaces");
        plan.Call("mount", 0, "/", 0, KernelFlags.Mount(Libc.MS_REC | Libc.MS_SLAVE), 0);

        string attach = inputs.NoPivot ? "/" : inputs.RootIsDescriptor ? inputs.Bundle : PathOf(spec, inputs);
        plan.Step($"enter root file system at {attach}", "root");
        plan.Call("move_mount", plan.Root, "", KernelFlags.Cwd, attach, KernelFlags.Named(Libc.MOVE_MOUNT_F_EMPTY_PATH, "MOVE_MOUNT_F_EMPTY_PATH"));
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

    private static string PathOf(RuntimeSpec spec, PlanInputs inputs) =>
        spec.Root?.Path is { Length: > 0 } path ? Path.Combine(inputs.Bundle, path) : throw ContainerPlanning.Refusal("root.path", "is missing");
}
