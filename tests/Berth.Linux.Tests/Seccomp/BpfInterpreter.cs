using Berth.Linux.Interop;

namespace Berth.Linux.Tests.Seccomp;

/// <summary>Runs a filter as the kernel does (net/core/filter.c, as far as seccomp allows instructions), with its checks of jumps and loads.</summary>
internal static class BpfInterpreter
{
    public static uint Run(Libc.sock_filter[] program, uint arch, uint number, params ulong[] arguments) => Run(program, arch, number, arguments, out _);

    public static uint Run(Libc.sock_filter[] program, uint arch, uint number, ulong[] arguments, out int executed)
    {
        uint accumulator = 0;
        executed = 0;
        for (int i = 0; ; i++)
        {
            executed++;
            Libc.sock_filter step = program[i];
            switch (step.code)
            {
                case Libc.BPF_LD_W_ABS:
                    accumulator = Load(step.k, arch, number, arguments);
                    break;
                case Libc.BPF_ALU_AND_K:
                    accumulator &= step.k;
                    break;
                case Libc.BPF_JMP_JA:
                    i += checked((int)step.k);
                    break;
                case Libc.BPF_JMP_JEQ_K:
                    i += accumulator == step.k ? step.jt : step.jf;
                    break;
                case Libc.BPF_JMP_JGT_K:
                    i += accumulator > step.k ? step.jt : step.jf;
                    break;
                case Libc.BPF_JMP_JGE_K:
                    i += accumulator >= step.k ? step.jt : step.jf;
                    break;
                case Libc.BPF_RET_K:
                    return step.k;
                default:
                    throw new InvalidOperationException($"instruction {step.code:x} is none of seccomp's");
            }
        }
    }

    // struct seccomp_data: nr, arch, instruction_pointer, args[6].
    private static uint Load(uint offset, uint arch, uint number, ulong[] arguments)
    {
        if (offset % 4 != 0 || offset >= 64)
        {
            throw new InvalidOperationException($"load at {offset}");
        }

        return offset switch
        {
            0 => number,
            4 => arch,
            8 or 12 => 0,
            _ => (uint)((offset - 16) / 8 < arguments.Length ? arguments[(offset - 16) / 8] >> ((offset & 4) != 0 ? 32 : 0) : 0),
        };
    }
}
