using Berth.Linux.Interop;

namespace Berth.Linux.Seccomp;

/// <summary>Instructions of classic BPF as seccomp allows them. linux/filter.h.</summary>
internal static class Bpf
{
    public static Libc.sock_filter Load(uint offset) => new() { code = Libc.BPF_LD_W_ABS, k = offset };

    public static Libc.sock_filter And(uint mask) => new() { code = Libc.BPF_ALU_AND_K, k = mask };

    public static Libc.sock_filter Return(uint action) => new() { code = Libc.BPF_RET_K, k = action };

    public static Libc.sock_filter Jump(ushort code, uint value, byte whenTrue, byte whenFalse) => new() { code = code, k = value, jt = whenTrue, jf = whenFalse };

    public static Libc.sock_filter Always(int distance) => new() { code = Libc.BPF_JMP_JA, k = (uint)distance };
}
