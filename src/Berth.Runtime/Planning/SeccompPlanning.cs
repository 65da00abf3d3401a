using Berth.Linux.Interop;
using Berth.Linux.Seccomp;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>The spec's policy as a filter program. seccomp(2).</summary>
internal static class SeccompPlanning
{
    public static void Load(PlanBuilder plan, SeccompPolicy policy)
    {
        Libc.sock_filter[] program = SeccompCompiler.Compile(Profile(policy));
        byte[] bytes = new byte[program.Length * 8];
        for (int i = 0; i < program.Length; i++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(8 * i), program[i].code);
            bytes[8 * i + 2] = program[i].jt;
            bytes[8 * i + 3] = program[i].jf;
            BitConverter.TryWriteBytes(bytes.AsSpan(8 * i + 4), program[i].k);
        }

        byte[] header = new byte[16];
        BitConverter.TryWriteBytes(header, (ushort)program.Length);
        var filter = new Argument.Block(header, $"{{{program.Length} instructions}}", (8, new Argument.Block(bytes, "")));
        (uint flags, string shown) = Flags(policy);
        plan.Step("load the system call filter", "linux.seccomp");
        plan.Call("seccomp", KernelFlags.Named(Libc.SECCOMP_SET_MODE_FILTER, "SECCOMP_SET_MODE_FILTER"), KernelFlags.Named(flags, shown), filter);
    }

    private static SeccompProfile Profile(SeccompPolicy policy) => new()
    {
        DefaultAction = Action(policy.DefaultAction, "linux.seccomp.defaultAction"),
        DefaultErrno = policy.DefaultErrnoRet,
        Abis = Abis(policy.Architectures),
        Rules = [.. (policy.Syscalls ?? []).Select((rule, i) => new SeccompProfileRule(
            rule.Names ?? [], Action(rule.Action, $"linux.seccomp.syscalls[{i}]"), rule.ErrnoRet,
            [.. (rule.Args ?? []).Select(a => new SeccompCondition((int)a.Index, Operator(a.Op), a.Value, a.ValueTwo))]))],
    };

    private static SeccompAction Action(string? name, string member) => name switch
    {
        "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => SeccompAction.KillThread,
        "SCMP_ACT_KILL_PROCESS" => SeccompAction.KillProcess,
        "SCMP_ACT_TRAP" => SeccompAction.Trap,
        "SCMP_ACT_ERRNO" => SeccompAction.Errno,
        "SCMP_ACT_TRACE" => SeccompAction.Trace,
        "SCMP_ACT_ALLOW" => SeccompAction.Allow,
        "SCMP_ACT_LOG" => SeccompAction.Log,
        _ => throw ContainerPlanning.Refusal(member, $"is \"{name}\", which this runtime does not do"),
    };

    private static SeccompOperator Operator(string? op) => op switch
    {
        "SCMP_CMP_NE" => SeccompOperator.NotEqual,
        "SCMP_CMP_LT" => SeccompOperator.Less,
        "SCMP_CMP_LE" => SeccompOperator.LessOrEqual,
        "SCMP_CMP_EQ" => SeccompOperator.Equal,
        "SCMP_CMP_GE" => SeccompOperator.GreaterOrEqual,
        "SCMP_CMP_GT" => SeccompOperator.Greater,
        "SCMP_CMP_MASKED_EQ" => SeccompOperator.MaskedEqual,
        _ => throw ContainerPlanning.Refusal("linux.seccomp.syscalls.args.op", $"is \"{op}\", which is none"),
    };

    // The native ABI always; of the others only those that can run on this machine matter.
    private static IReadOnlyList<SyscallAbi> Abis(IReadOnlyList<string>? names)
    {
        var abis = new List<SyscallAbi> { SyscallTable.Abi };
        foreach (string name in names ?? [])
        {
            SyscallAbi? abi = name switch { "SCMP_ARCH_X86" => SyscallAbi.I386, "SCMP_ARCH_X32" => SyscallAbi.X32, _ => null };
            if (abi is { } known && SyscallTable.Abi == SyscallAbi.X64 && !abis.Contains(known))
            {
                abis.Add(known);
            }
        }

        return abis;
    }

    // Without a word on flags the filter does not switch speculation mitigations on (as runc and libseccomp's callers do).
    private static (uint, string) Flags(SeccompPolicy policy)
    {
        uint flags = 0;
        var shown = new List<string>();
        foreach (string flag in policy.Flags ?? ["SECCOMP_FILTER_FLAG_SPEC_ALLOW"])
        {
            flags |= flag switch
            {
                "SECCOMP_FILTER_FLAG_TSYNC" => 0, // one thread
                "SECCOMP_FILTER_FLAG_LOG" => Libc.SECCOMP_FILTER_FLAG_LOG,
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => Libc.SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                _ => throw ContainerPlanning.Refusal("linux.seccomp.flags", $"has \"{flag}\", which this runtime does not do"),
            };
            shown.Add(flag);
        }

        return (flags, shown.Count == 0 ? "0" : string.Join('|', shown));
    }
}
