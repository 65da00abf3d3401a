using System.Runtime.InteropServices;

using Berth.Linux.Interop;

namespace Berth.Linux.Seccomp;

/// <summary>The ranges of call numbers of one ABI under a policy.</summary>
internal static class SeccompRanges
{
    /// <summary>Sorted, without gaps, from the ABI's first number to the last there can be.</summary>
    public static List<SeccompRange> Of(SeccompProfile profile, SyscallAbi abi)
    {
        uint bit = abi == SyscallAbi.X32 ? Libc.X32_SYSCALL_BIT : 0;
        uint otherwise = Value(profile.DefaultAction, profile.DefaultErrno);
        SortedDictionary<uint, List<SeccompProfileRule>> calls = ByNumber(profile, abi, bit);
        var ranges = new List<SeccompRange>();
        uint next = bit;
        foreach ((uint number, List<SeccompProfileRule> rules) in calls)
        {
            Add(ranges, next, number, otherwise);
            Append(ranges, number, SeccompConditions.Decide(rules.Where(r => Value(r.Action, r.Errno) != otherwise), otherwise));
            next = number + 1;
        }

        // Calls newer than everything the policy knows are answered with ENOSYS, so that programs fall back to older ones; EPERM would end
        // them (runc: libcontainer/seccomp/patchbpf explains how glibc broke on clone3 and faccessat2).
        bool lenient = profile.DefaultAction is SeccompAction.Allow or SeccompAction.Log or SeccompAction.Trace;
        Append(ranges, next, [Bpf.Return(lenient || calls.Count == 0 ? otherwise : Libc.SECCOMP_RET_ERRNO | Errno.ENOSYS)]);
        return ranges;
    }

    /// <summary>SECCOMP_RET_* of an action.</summary>
    public static uint Value(SeccompAction action, uint? errno) => action switch
    {
        SeccompAction.KillProcess => Libc.SECCOMP_RET_KILL_PROCESS,
        SeccompAction.Trap => Libc.SECCOMP_RET_TRAP,
        SeccompAction.Errno => Libc.SECCOMP_RET_ERRNO | (errno ?? Errno.EPERM) & Libc.SECCOMP_RET_DATA,
        SeccompAction.Trace => Libc.SECCOMP_RET_TRACE | (errno ?? Errno.EPERM) & Libc.SECCOMP_RET_DATA,
        SeccompAction.Allow => Libc.SECCOMP_RET_ALLOW,
        SeccompAction.Log => Libc.SECCOMP_RET_LOG,
        _ => Libc.SECCOMP_RET_KILL_THREAD,
    };

    private static SortedDictionary<uint, List<SeccompProfileRule>> ByNumber(SeccompProfile profile, SyscallAbi abi, uint bit)
    {
        var calls = new SortedDictionary<uint, List<SeccompProfileRule>>();
        foreach (SeccompProfileRule rule in profile.Rules)
        {
            foreach (string name in rule.Names)
            {
                if (SyscallTable.Find(name, abi) is var number and >= 0) // a call that this ABI does not have needs no rule
                {
                    uint key = (uint)number | bit;
                    if (!calls.TryGetValue(key, out List<SeccompProfileRule>? rules))
                    {
                        calls[key] = rules = [];
                    }

                    rules.Add(rule);
                }
            }
        }

        return calls;
    }

    private static void Add(List<SeccompRange> ranges, uint first, uint next, uint action)
    {
        if (first < next)
        {
            Append(ranges, first, [Bpf.Return(action)]);
        }
    }

    // Neighbours that are decided alike are one range.
    private static void Append(List<SeccompRange> ranges, uint first, Libc.sock_filter[] code)
    {
        if (ranges.Count == 0 || !MemoryMarshal.AsBytes(ranges[^1].Code.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(code.AsSpan())))
        {
            ranges.Add(new SeccompRange(first, code));
        }
    }
}
