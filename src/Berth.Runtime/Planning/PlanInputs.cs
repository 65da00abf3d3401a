namespace Berth.Runtime.Planning;

/// <summary>What the parent brings to a plan. Descriptors are by name here; their numbers come when the plan is sealed.</summary>
internal sealed record PlanInputs
{
    public required HostFacts Facts { get; init; }

    /// <summary>Absolute; a relative path of the spec is below it.</summary>
    public string Bundle { get; init; } = "/bundle";

    /// <summary>Descriptor "root" is the root file system, a detached mount; otherwise root.path is.</summary>
    public bool RootIsDescriptor { get; init; }

    /// <summary>Descriptor "network" is the network namespace to join.</summary>
    public bool NetworkIsDescriptor { get; init; }

    /// <summary>Descriptors "stdin", "stdout" and "stderr" become 0, 1 and 2; otherwise those are the parent's.</summary>
    public bool HasStdio { get; init; }

    /// <summary>Descriptor "gate" is a listening socket on which the process waits for its start.</summary>
    public bool HasGate { get; init; }

    /// <summary>The parent runs hooks before the file system is set up.</summary>
    public bool HasHooks { get; init; }

    /// <summary>Hierarchies with a descriptor "tasks:NAME" to enter by.</summary>
    public IReadOnlyList<string> Hierarchies { get; init; } = [];

    /// <summary>How many descriptors from 3 on are the program's.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>MS_MOVE and chroot instead of pivot_root, for a host whose root is its initramfs.</summary>
    public bool NoPivot { get; init; }
}
