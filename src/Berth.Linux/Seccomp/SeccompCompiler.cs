using Berth.Linux.Interop;

namespace Berth.Linux.Seccomp;

/// <summary>
/// Compiles a policy to a classic BPF program: by ABI, then a binary search over ranges of call numbers that share an action, then conditions on
/// arguments. Docker's policy takes about seven comparisons a call, whatever its number.
/// </summary>
public static class SeccompCompiler
{
    private const uint OffsetOfNumber = 0;
    private const uint OffsetOfArch = 4;

    public static Libc.sock_filter[] Compile(SeccompProfile profile)
    {
        var program = new List<Libc.sock_filter> { Bpf.Load(OffsetOfArch) };
        var kill = Bpf.Return(Libc.SECCOMP_RET_KILL_THREAD);
        foreach (IGrouping<uint, SyscallAbi> arch in profile.Abis.GroupBy(ArchOf))
        {
            List<Libc.sock_filter> block = [Bpf.Load(OffsetOfNumber), .. ForArch(profile, [.. arch])];

            // "Is it this ABI?" may have to jump further than 255 instructions: over a JA.
            program.Add(Bpf.Jump(Libc.BPF_JMP_JEQ_K, arch.Key, 1, 0));
            program.Add(Bpf.Always(block.Count));
            program.AddRange(block);
        }

        program.Add(kill);
        return program.Count <= Libc.BPF_MAXINSNS
            ? [.. program]
            : throw new LinuxException("seccomp", $"a policy of {program.Count} instructions (the kernel takes {Libc.BPF_MAXINSNS})", Linux.Errno.E2BIG);
    }

    // x32 shares x86-64's arch value and is told apart by bit 30 of the number.
    private static uint ArchOf(SyscallAbi abi) => abi switch
    {
        SyscallAbi.I386 => Libc.AUDIT_ARCH_I386,
        SyscallAbi.Arm64 => Libc.AUDIT_ARCH_AARCH64,
        _ => Libc.AUDIT_ARCH_X86_64,
    };

    private static List<Libc.sock_filter> ForArch(SeccompProfile profile, IReadOnlyList<SyscallAbi> abis)
    {
        var ranges = new List<SeccompRange>();
        foreach (SyscallAbi abi in abis.Order())
        {
            ranges.AddRange(SeccompRanges.Of(profile, abi));
        }

        if (abis.Contains(SyscallAbi.X64) && !abis.Contains(SyscallAbi.X32))
        {
            ranges.Add(new SeccompRange(Libc.X32_SYSCALL_BIT, [Bpf.Return(Libc.SECCOMP_RET_KILL_THREAD)]));
        }

        return Search(ranges, 0, ranges.Count);
    }

    // A node compares with the first number of its right half; the left half follows at once, the right one behind it.
    private static List<Libc.sock_filter> Search(List<SeccompRange> ranges, int from, int to)
    {
        if (to - from == 1)
        {
            return [.. ranges[from].Code];
        }

        int middle = (from + to) / 2;
        List<Libc.sock_filter> left = Search(ranges, from, middle), right = Search(ranges, middle, to);
        uint first = ranges[middle].First;
        if (left.Count <= byte.MaxValue)
        {
            return [Bpf.Jump(Libc.BPF_JMP_JGE_K, first, (byte)left.Count, 0), .. left, .. right];
        }

        return [Bpf.Jump(Libc.BPF_JMP_JGE_K, first, 0, 1), Bpf.Always(left.Count), .. left, .. right];
    }
}
