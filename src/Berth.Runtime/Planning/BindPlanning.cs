using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>
/// Opens the sources of bind mounts while the host's tree is still there. They are cloned before propagation is cut, so that an "rshared" one
/// stays in the host's peer group and an "rslave" one goes on receiving from it.
/// </summary>
internal static class BindPlanning
{
    /// <summary>A slot for each mount of the spec that binds, in the spec's order; null for the others.</summary>
    public static IReadOnlyList<Slot?> Open(PlanBuilder plan, RuntimeSpec spec, PlanInputs inputs)
    {
        IReadOnlyList<Mount> mounts = spec.Mounts ?? [];
        var slots = new Slot?[mounts.Count];
        for (int i = 0; i < mounts.Count; i++)
        {
            MountOptions options = MountOptions.Parse(mounts[i].Options, $"mounts[{i}]");
            if (!IsBind(mounts[i], options))
            {
                continue;
            }

            string source = SourceOf(mounts[i], i, inputs.Bundle);
            plan.Step($"open {source} for {mounts[i].Destination}", $"mounts[{i}].source");
            slots[i] = plan.Take("open_tree", KernelFlags.Cwd, source, OpenTree(options.Recursive));
        }

        return slots;
    }

    public static bool IsBind(Mount mount, MountOptions options) => options.Bind || mount.Type == "bind";

    /// <summary>The source as an absolute path of the host.</summary>
    public static string SourceOf(Mount mount, int index, string bundle) =>
        mount.Source is { Length: > 0 } source ? Path.Combine(bundle, source) : throw ContainerPlanning.Refusal($"mounts[{index}].source", "is missing");

    public static Argument OpenTree(bool recursive) => recursive
        ? KernelFlags.Named(Libc.OPEN_TREE_CLONE | Libc.O_CLOEXEC | Libc.AT_RECURSIVE, "OPEN_TREE_CLONE|AT_RECURSIVE")
        : KernelFlags.Named(Libc.OPEN_TREE_CLONE | Libc.O_CLOEXEC, "OPEN_TREE_CLONE");

    /// <summary>Sets what the options say on the opened tree, before it can be seen anywhere.</summary>
    public static void Configure(PlanBuilder plan, Slot tree, MountOptions options)
    {
        // Without a word on it: what happens on the host arrives, what happens inside stays inside.
        (uint propagation, bool recursive) = options.Propagation ?? (Libc.MS_SLAVE, true);
        (uint set, uint clear) = MountOptions.AttributesOf(options.Set, options.Cleared);
        (uint deepSet, uint deepClear) = MountOptions.AttributesOf(options.RecursiveSet, options.RecursiveCleared);
        if (recursive)
        {
            MountPlanning.SetAttributes(plan, tree, deepSet, deepClear, propagation, recursive: true);
            MountPlanning.SetAttributes(plan, tree, set, clear, 0, recursive: false);
        }
        else
        {
            MountPlanning.SetAttributes(plan, tree, deepSet, deepClear, 0, recursive: true);
            MountPlanning.SetAttributes(plan, tree, set, clear, propagation, recursive: false);
        }
    }
}
