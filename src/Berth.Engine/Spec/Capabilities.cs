using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>Capabilities by name: Docker's default fourteen, and what --cap-add and --cap-drop make of them.</summary>
public static class Capabilities
{
    /// <summary>All of capabilities(7), in the order of their numbers.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
        "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
        "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
        "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP",
        "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF",
        "CAP_CHECKPOINT_RESTORE",
    ];

    public static readonly IReadOnlyList<string> Default =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP",
        "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    /// <summary>What a container holds.</summary>
    /// <param name="add">Names with or without CAP_, any case, or ALL.</param>
    /// <param name="drop">Likewise. Wins over add, but for ALL: then only what is added stays.</param>
    /// <param name="privileged">All that this engine itself may give.</param>
    /// <param name="permitted">The engine's own bounding set: what it has not, nobody gets.</param>
    /// <exception cref="EngineException">Invalid: no such capability.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<string>? add, IReadOnlyList<string>? drop, bool privileged, IReadOnlyList<string> permitted)
    {
        IReadOnlyList<string> added = Normalise("CapAdd", add), dropped = Normalise("CapDrop", drop);
        IEnumerable<string> set = (privileged, added.Contains("ALL"), dropped.Contains("ALL")) switch
        {
            (true, _, _) => permitted,
            (_, true, true) => permitted.Except(dropped),
            (_, true, false) => permitted.Except(dropped),
            (_, false, true) => added,
            _ => Default.Except(dropped).Concat(added.Except(dropped)).Distinct(),
        };
        return [.. set.Where(c => c != "ALL")];
    }

    /// <summary>Names as the kernel's documentation writes them.</summary>
    public static IReadOnlyList<string> Normalise(string option, IReadOnlyList<string>? names)
    {
        var normal = new List<string>();
        foreach (string name in names ?? [])
        {
            string upper = name.ToUpperInvariant();
            string full = upper == "ALL" || upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : $"CAP_{upper}";
            if (full != "ALL" && !All.Contains(full))
            {
                throw EngineException.Invalid($"invalid {option}: unknown capability: \"{full}\"");
            }

            normal.Add(full);
        }

        return normal;
    }
}
