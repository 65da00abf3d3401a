using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Seccomp;

namespace Berth.Linux.Cgroups;

/// <summary>
/// The devices controller of v2: an eBPF program that answers 1 (allow) or 0. linux/bpf.h, struct bpf_cgroup_dev_ctx:
/// access_type (low half the type: 1 block, 2 character; high half: 1 mknod, 2 read, 4 write), major, minor.
/// </summary>
internal static unsafe class DeviceProgram
{
    private const byte LoadWord = 0x61, AndImmediate = 0x54, ShiftRight = 0x74, MoveImmediate = 0xb7, JumpNotEqual = 0x55, JumpSet = 0x45, Exit = 0x95;

    /// <summary>The program of some rules: the last that matches decides, so they are tested from the end.</summary>
    public static Libc.bpf_insn[] Compile(IReadOnlyList<CgroupDeviceRule> rules)
    {
        var code = new List<Libc.bpf_insn>
        {
            Instruction(LoadWord, 2, 1, 0, 0), Instruction(AndImmediate, 2, 0, 0, 0xFFFF), // r2 = type
            Instruction(LoadWord, 3, 1, 0, 0), Instruction(ShiftRight, 3, 0, 0, 16), // r3 = access
            Instruction(LoadWord, 4, 1, 4, 0), Instruction(LoadWord, 5, 1, 8, 0), // r4 = major, r5 = minor
        };
        foreach (CgroupDeviceRule rule in rules.Reverse())
        {
            code.AddRange(Test(rule));
        }

        code.AddRange([Instruction(MoveImmediate, 0, 0, 0, 0), Instruction(Exit, 0, 0, 0, 0)]);
        return [.. code];
    }

    /// <summary>Loads and attaches it. Programs attached above keep their say.</summary>
    public static void Attach(string folder, IReadOnlyList<CgroupDeviceRule> rules)
    {
        int number = SyscallTable.Native("bpf");
        using FileDescriptor cgroup = FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY);
        Libc.bpf_insn[] code = Compile(rules);
        fixed (Libc.bpf_insn* instructions = code)
        fixed (byte* license = "Apache-2.0\0"u8)
        {
            var load = new Libc.bpf_attr_load
            {
                prog_type = Libc.BPF_PROG_TYPE_CGROUP_DEVICE,
                insn_cnt = (uint)code.Length,
                insns = (ulong)instructions,
                license = (ulong)license,
            };
            nint fd = Libc.bpf(number, Libc.BPF_PROG_LOAD, &load, sizeof(Libc.bpf_attr_load));
            if (fd < 0)
            {
                throw LinuxException.Last("bpf", $"device program of {folder}");
            }

            using var program = new FileDescriptor((int)fd);
            var attach = new Libc.bpf_attr_attach
            {
                target_fd = (uint)cgroup.Number,
                attach_bpf_fd = (uint)program.Number,
                attach_type = Libc.BPF_CGROUP_DEVICE,
                attach_flags = Libc.BPF_F_ALLOW_MULTI,
            };
            if (Libc.bpf(number, Libc.BPF_PROG_ATTACH, &attach, sizeof(Libc.bpf_attr_attach)) < 0)
            {
                throw LinuxException.Last("bpf", $"device program onto {folder}");
            }
        }
    }

    // Allowing rules hold when all that is asked for is in them; denying ones when anything is.
    private static List<Libc.bpf_insn> Test(CgroupDeviceRule rule)
    {
        int access = (rule.Access.Contains('m', StringComparison.Ordinal) ? 1 : 0) | (rule.Access.Contains('r', StringComparison.Ordinal) ? 2 : 0)
            | (rule.Access.Contains('w', StringComparison.Ordinal) ? 4 : 0);
        List<Libc.bpf_insn> code = [Instruction(MoveImmediate, 0, 0, 0, rule.Allow ? 1 : 0), Instruction(Exit, 0, 0, 0, 0)];
        if (access != 7)
        {
            code.InsertRange(0, rule.Allow
                ? [Instruction(JumpSet, 3, 0, code.Count, ~access & 7)]
                : [Instruction(JumpSet, 3, 0, 1, access), Instruction(0x05, 0, 0, code.Count, 0)]);
        }

        Compare(code, 5, rule.Minor);
        Compare(code, 4, rule.Major);
        Compare(code, 2, rule.Type switch { 'b' => 1, 'c' => 2, _ => null });
        return code;
    }

    private static void Compare(List<Libc.bpf_insn> code, int register, long? value)
    {
        if (value is { } wanted)
        {
            code.Insert(0, Instruction(JumpNotEqual, register, 0, code.Count, (int)wanted));
        }
    }

    private static Libc.bpf_insn Instruction(byte code, int destination, int source, int offset, int immediate) =>
        new() { code = code, registers = (byte)(destination | source << 4), off = (short)offset, imm = immediate };
}
