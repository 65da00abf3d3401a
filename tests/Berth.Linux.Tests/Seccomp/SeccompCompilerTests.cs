using Berth.Linux.Interop;
using Berth.Linux.Seccomp;

using CsCheck;

namespace Berth.Linux.Tests.Seccomp;

public sealed class SeccompCompilerTests
{
    private static readonly SyscallAbi[] AllAbis = [SyscallAbi.X64, SyscallAbi.I386, SyscallAbi.X32];

    private static readonly Gen<SeccompCondition> Conditions =
        from index in Gen.Int[0, 5]
        from op in Gen.Enum<SeccompOperator>()
        from value in Values
        from masked in Values
        select new SeccompCondition(index, op, value, masked);

    private static readonly Gen<SeccompProfileRule> Rules =
        from names in Gen.OneOf(SyscallTable.Names().ToArray()).Array[1, 15]
        from action in Gen.Enum<SeccompAction>()
        from errno in Gen.UInt[1, 60]
        from conditions in Conditions.Array[0, 3]
        select new SeccompProfileRule(names, action, errno, conditions);

    private static readonly Gen<SeccompProfile> Profiles =
        from action in Gen.Enum<SeccompAction>()
        from errno in Gen.UInt[1, 60]
        from count in Gen.Int[1, 3]
        from rules in Rules.Array[0, 5] // with eight of them some come to more instructions than the kernel takes
        select new SeccompProfile { DefaultAction = action, DefaultErrno = errno, Abis = AllAbis[..count], Rules = rules };

    // Values around the borders of 32 bits, where BPF's halves meet.
    private static Gen<ulong> Values => Gen.OneOf(
        Gen.OneOf(0UL, 1UL, 2UL, 0x7fffffffUL, 0x80000000UL, 0xffffffffUL, 0x100000000UL, 0x1_0000_0001UL, 0xffffffff_00000000, ulong.MaxValue), Gen.ULong);

    [Fact]
    public void EveryCallGetsWhatThePolicySays() =>
        Gen.Select(Profiles, Gen.OneOf(SyscallTable.Names().ToArray()), Values.Array[6], Gen.Int[0, 2]).Sample(
            (profile, name, arguments, which) =>
            {
                SyscallAbi abi = profile.Abis[which % profile.Abis.Count];
                int number = SyscallTable.Find(name, abi);
                if (number < 0)
                {
                    return;
                }

                uint actual = BpfInterpreter.Run(SeccompCompiler.Compile(profile), Arch(abi), Number(abi, number), arguments);
                Assert.Equal(Expected(profile, abi, name, number, arguments), actual);
            },
            iter: 3000);

    [Fact]
    public void EveryNumberIsDecided() =>
        Profiles.Sample(
            profile =>
            {
                Libc.sock_filter[] program = SeccompCompiler.Compile(profile);
                foreach (SyscallAbi abi in profile.Abis)
                {
                    for (int number = 0; number < 600; number++)
                    {
                        _ = BpfInterpreter.Run(program, Arch(abi), Number(abi, number)); // ends in a return inside the program
                    }
                }
            },
            iter: 200);

    [Fact]
    public void AnotherArchitectureIsKilled()
    {
        Libc.sock_filter[] program = SeccompCompiler.Compile(Allowing("read"));
        Assert.Equal(Libc.SECCOMP_RET_KILL_THREAD, BpfInterpreter.Run(program, Libc.AUDIT_ARCH_I386, 3));
        Assert.Equal(Libc.SECCOMP_RET_KILL_THREAD, BpfInterpreter.Run(program, Libc.AUDIT_ARCH_AARCH64, 63));
        Assert.Equal(Libc.SECCOMP_RET_KILL_THREAD, BpfInterpreter.Run(program, Libc.AUDIT_ARCH_X86_64, Libc.X32_SYSCALL_BIT));
    }

    [Fact]
    public void ACallNewerThanThePolicyIsUnknownNotForbidden()
    {
        Libc.sock_filter[] program = SeccompCompiler.Compile(Allowing("read", "execve"));
        Assert.Equal(Libc.SECCOMP_RET_ERRNO | Errno.EPERM, BpfInterpreter.Run(program, Libc.AUDIT_ARCH_X86_64, 58));
        Assert.Equal(Libc.SECCOMP_RET_ERRNO | Errno.ENOSYS, BpfInterpreter.Run(program, Libc.AUDIT_ARCH_X86_64, 60));
    }

    [Fact]
    public void SeveralConditionsOnOneArgumentAreAlternatives()
    {
        var rule = new SeccompProfileRule(
            ["personality"], SeccompAction.Allow, null,
            [new SeccompCondition(0, SeccompOperator.Equal, 0, 0), new SeccompCondition(0, SeccompOperator.Equal, 8, 0)]);
        Libc.sock_filter[] program = SeccompCompiler.Compile(Allowing() with { Rules = [rule] });
        uint number = (uint)SyscallTable.Find("personality", SyscallAbi.X64);
        Assert.Equal(Libc.SECCOMP_RET_ALLOW, BpfInterpreter.Run(program, Libc.AUDIT_ARCH_X86_64, number, 8));
        Assert.Equal(Libc.SECCOMP_RET_ERRNO | Errno.EPERM, BpfInterpreter.Run(program, Libc.AUDIT_ARCH_X86_64, number, 9));
    }

    [Fact]
    public void ALongPolicyTakesFewSteps()
    {
        string[] names = [.. SyscallTable.Names().Where((_, i) => i % 3 != 0)];
        Libc.sock_filter[] program = SeccompCompiler.Compile(new SeccompProfile
        {
            DefaultAction = SeccompAction.Errno,
            Abis = AllAbis,
            Rules = [new SeccompProfileRule(names, SeccompAction.Allow, null, [])],
        });
        int most = 0;
        for (uint number = 0; number < 500; number++)
        {
            _ = BpfInterpreter.Run(program, Libc.AUDIT_ARCH_X86_64, number, [], out int executed);
            most = Math.Max(most, executed);
        }

        Assert.InRange(most, 1, 16);
        Assert.InRange(program.Length, 100, 2000);
    }

    private static SeccompProfile Allowing(params string[] names) => new()
    {
        DefaultAction = SeccompAction.Errno,
        Abis = [SyscallAbi.X64],
        Rules = [new SeccompProfileRule(names, SeccompAction.Allow, null, [])],
    };

    private static uint Arch(SyscallAbi abi) => abi == SyscallAbi.I386 ? Libc.AUDIT_ARCH_I386 : Libc.AUDIT_ARCH_X86_64;

    private static uint Number(SyscallAbi abi, int number) => (uint)number | (abi == SyscallAbi.X32 ? Libc.X32_SYSCALL_BIT : 0);

    // The policy read as prose: rules in order, the first that holds; several conditions on one argument are alternatives.
    private static uint Expected(SeccompProfile profile, SyscallAbi abi, string name, int number, ulong[] arguments)
    {
        foreach (SeccompProfileRule rule in profile.Rules.Where(r => r.Names.Any(n => SyscallTable.Find(n, abi) == number)))
        {
            uint action = SeccompRanges.Value(rule.Action, rule.Errno);
            bool alternatives = rule.Conditions.Select(c => c.Index).Distinct().Count() < rule.Conditions.Count;
            bool holds = alternatives ? rule.Conditions.Any(c => Holds(c, arguments)) : rule.Conditions.All(c => Holds(c, arguments));
            if (holds && action != SeccompRanges.Value(profile.DefaultAction, profile.DefaultErrno))
            {
                return action;
            }
        }

        int[] known = [.. profile.Rules.SelectMany(r => r.Names).Select(n => SyscallTable.Find(n, abi)).Where(n => n >= 0)];
        bool lenient = profile.DefaultAction is SeccompAction.Allow or SeccompAction.Log or SeccompAction.Trace;
        return known.Length > 0 && number > known.Max() && !lenient
            ? Libc.SECCOMP_RET_ERRNO | Errno.ENOSYS
            : SeccompRanges.Value(profile.DefaultAction, profile.DefaultErrno);
    }

    private static bool Holds(SeccompCondition c, ulong[] arguments) => c.Operator switch
    {
        SeccompOperator.Equal => arguments[c.Index] == c.Value,
        SeccompOperator.NotEqual => arguments[c.Index] != c.Value,
        SeccompOperator.Less => arguments[c.Index] < c.Value,
        SeccompOperator.LessOrEqual => arguments[c.Index] <= c.Value,
        SeccompOperator.Greater => arguments[c.Index] > c.Value,
        SeccompOperator.GreaterOrEqual => arguments[c.Index] >= c.Value,
        _ => (arguments[c.Index] & c.Value) == c.Masked,
    };
}
