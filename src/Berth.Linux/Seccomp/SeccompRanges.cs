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
        ulong[] calls = ByNumber(profile, abi, bit);
        var ranges = new List<SeccompRange>();
        uint next = bit;
        for (int at = 0; at < calls.Length;)
        {
            uint number = (uint)(calls[at] >> 32);
            int from = at;
            while (at < calls.Length && (uint)(calls[at] >> 32) == number)
            {
                at++;
            }

            if (next < number)
            {
                Append(ranges, next, otherwise);
            }

            Decide(ranges, number, profile, calls.AsSpan(from..at), otherwise);
            next = number + 1;
        }

        // Calls newer than everything the policy knows are answered with ENOSYS, so that programs fall back to older ones; EPERM would end
        // them (runc: libcontainer/seccomp/patchbpf explains how glibc broke on clone3 and faccessat2).
        bool lenient = profile.DefaultAction is SeccompAction.Allow or SeccompAction.Log or SeccompAction.Trace;
        Append(ranges, next, lenient || calls.Length == 0 ? otherwise : Libc.SECCOMP_RET_ERRNO | Errno.ENOSYS);
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

    // Number and rule in one word each, sorted by number and then by the order of the rules: every start compiles a policy of a thousand names,
    // in a process too young to have any code warm.
    private static ulong[] ByNumber(SeccompProfile profile, SyscallAbi abi, uint bit)
    {
        var calls = new List<ulong>(512);
        for (int rule = 0; rule < profile.Rules.Count; rule++)
        {
            foreach (string name in profile.Rules[rule].Names)
            {
                if (SyscallTable.Find(name, abi) is var number and >= 0) // a call that this ABI does not have needs no rule
                {
                    calls.Add(((ulong)((uint)number | bit) << 32) | (uint)rule);
                }
            }
        }

        ulong[] sorted = [.. calls];
        Array.Sort(sorted);
        return sorted;
    }

    private static void Decide(List<SeccompRange> ranges, uint number, SeccompProfile profile, ReadOnlySpan<ulong> calls, uint otherwise)
    {
        List<SeccompProfileRule>? conditional = null;
        foreach (ulong call in calls)
        {
            SeccompProfileRule rule = profile.Rules[(int)(uint)call];
            uint action = Value(rule.Action, rule.Errno);
            if (action == otherwise)
            {
                continue;
            }

            if (conditional is null && rule.Conditions.Count == 0)
            {
                Append(ranges, number, action);
                return;
            }

            (conditional ??= []).Add(rule);
        }

        if (conditional is null)
        {
            Append(ranges, number, otherwise);
            return;
        }

        Libc.sock_filter[] code = SeccompConditions.Decide(conditional, otherwise);
        if (ranges.Count == 0 || !MemoryMarshal.AsBytes(ranges[^1].Code.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(code.AsSpan())))
        {
            ranges.Add(new SeccompRange(number, code));
        }
    }

    // Neighbours that are decided alike are one range.
    private static void Append(List<SeccompRange> ranges, uint first, uint action)
    {
        if (ranges.Count == 0 || ranges[^1].Code is not [{ code: Libc.BPF_RET_K } only] || only.k != action)
        {
            ranges.Add(new SeccompRange(first, [Bpf.Return(action)]));
        }
    }
}
