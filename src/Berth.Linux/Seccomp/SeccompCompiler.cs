using System.Runtime.InteropServices;

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
        var program = new List<Libc.sock_filter>(1024) { Bpf.Load(OffsetOfArch) };
        foreach (IGrouping<uint, SyscallAbi> arch in profile.Abis.GroupBy(ArchOf))
        {
            // "Is it this ABI?" may have to jump further than 255 instructions: over a JA.
            program.Add(Bpf.Jump(Libc.BPF_JMP_JEQ_K, arch.Key, 1, 0));
            int over = program.Count;
            program.Add(Bpf.Always(0));
            program.Add(Bpf.Load(OffsetOfNumber));
            AddSearch(program, CollectionsMarshal.AsSpan(RangesOf(profile, [.. arch])));
            program[over] = Bpf.Always(program.Count - over - 1);
        }

        program.Add(Bpf.Return(Libc.SECCOMP_RET_KILL_THREAD));
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

    private static List<SeccompRange> RangesOf(SeccompProfile profile, IReadOnlyList<SyscallAbi> abis)
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

        return ranges;
    }

    // A node compares with the first number of its right half; the left half follows at once, the right one behind it. How far that is is known
    // once the left half is there.
    private static void AddSearch(List<Libc.sock_filter> program, ReadOnlySpan<SeccompRange> ranges)
    {
        if (ranges.Length == 1)
        {
            program.AddRange(ranges[0].Code);
            return;
        }

        int middle = ranges.Length / 2, node = program.Count;
        uint first = ranges[middle].First;
        program.Add(default);
        AddSearch(program, ranges[..middle]);
        int left = program.Count - node - 1;
        if (left <= byte.MaxValue)
        {
            program[node] = Bpf.Jump(Libc.BPF_JMP_JGE_K, first, (byte)left, 0);
        }
        else
        {
            program[node] = Bpf.Jump(Libc.BPF_JMP_JGE_K, first, 0, 1);
            program.Insert(node + 1, Bpf.Always(left));
        }

        AddSearch(program, ranges[middle..]);
    }
}
