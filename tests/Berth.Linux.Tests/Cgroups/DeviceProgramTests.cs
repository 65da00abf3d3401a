using Berth.Linux.Cgroups;
using Berth.Linux.Interop;

using CsCheck;

namespace Berth.Linux.Tests.Cgroups;

/// <summary>The eBPF program of the v2 devices controller, run by an interpreter of the few instructions it has.</summary>
public sealed class DeviceProgramTests
{
    private static readonly Gen<CgroupDeviceRule> Rules =
        from allow in Gen.Bool
        from type in Gen.OneOf('a', 'b', 'c')
        from major in Gen.OneOf<long?>(null, 1, 5, 8)
        from minor in Gen.OneOf<long?>(null, 0, 3)
        from access in Gen.OneOf("r", "w", "m", "rw", "rm", "rwm")
        select new CgroupDeviceRule(allow, type, major, minor, access);

    [Fact]
    public void TheLastRuleThatMatchesDecides() =>
        Gen.Select(Rules.Array[0, 8], Gen.OneOf('b', 'c'), Gen.OneOf(1, 2, 5, 8), Gen.OneOf(0, 1, 3), Gen.Int[1, 7]).Sample(
            (rules, type, major, minor, access) => Assert.Equal(Expected(rules, type, major, minor, access), Run(DeviceProgram.Compile(rules), type, major, minor, access)),
            iter: 5000);

    [Fact]
    public void NothingIsAllowedByNoRule() => Assert.False(Run(DeviceProgram.Compile([]), 'c', 1, 3, 2));

    private static bool Expected(CgroupDeviceRule[] rules, char type, int major, int minor, int access)
    {
        foreach (CgroupDeviceRule rule in rules.Reverse())
        {
            int letters = (rule.Access.Contains('m') ? 1 : 0) | (rule.Access.Contains('r') ? 2 : 0) | (rule.Access.Contains('w') ? 4 : 0);
            bool device = (rule.Type == 'a' || rule.Type == type) && (rule.Major ?? major) == major && (rule.Minor ?? minor) == minor;
            if (device && (rule.Allow ? (access & ~letters) == 0 : (access & letters) != 0))
            {
                return rule.Allow;
            }
        }

        return false;
    }

    private static bool Run(Libc.bpf_insn[] program, char type, int major, int minor, int access)
    {
        long[] registers = new long[11];
        int[] context = [(type == 'b' ? 1 : 2) | access << 16, major, minor];
        for (int i = 0; ; i++)
        {
            Libc.bpf_insn step = program[i];
            int destination = step.registers & 15;
            switch (step.code)
            {
                case 0x61: // r = *(u32 *)(r1 + off)
                    registers[destination] = context[step.off / 4];
                    break;
                case 0x54:
                    registers[destination] &= (uint)step.imm;
                    break;
                case 0x74:
                    registers[destination] = (long)((uint)registers[destination] >> step.imm);
                    break;
                case 0xb7:
                    registers[destination] = step.imm;
                    break;
                case 0x05:
                    i += step.off;
                    break;
                case 0x55:
                    i += registers[destination] != step.imm ? step.off : 0;
                    break;
                case 0x45:
                    i += (registers[destination] & step.imm) != 0 ? step.off : 0;
                    break;
                case 0x95:
                    return registers[0] == 1;
                default:
                    throw new InvalidOperationException($"instruction {step.code:x}");
            }
        }
    }
}
