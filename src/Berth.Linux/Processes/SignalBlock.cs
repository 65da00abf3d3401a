using Berth.Linux.Interop;

namespace Berth.Linux.Processes;

/// <summary>Blocks every signal of this thread until disposed.</summary>
public readonly unsafe struct SignalBlock : IDisposable
{
    private const int Words = 16; // glibc's sigset_t
    private readonly ulong _before;

    private SignalBlock(ulong before) => _before = before;

    public static SignalBlock All()
    {
        ulong* all = stackalloc ulong[Words], before = stackalloc ulong[Words];
        new Span<ulong>(all, Words).Fill(ulong.MaxValue);
        _ = Libc.pthread_sigmask(Libc.SIG_SETMASK, all, before);
        return new SignalBlock(before[0]);
    }

    public void Dispose()
    {
        ulong* set = stackalloc ulong[Words];
        new Span<ulong>(set, Words).Clear();
        set[0] = _before;
        _ = Libc.pthread_sigmask(Libc.SIG_SETMASK, set, null);
    }
}
