using Berth.Linux.Interop;

namespace Berth.Linux.Signals;

/// <summary>Gives a signal the disposition back that it had.</summary>
public sealed class RestoredSignal : IDisposable
{
    private readonly int _signal;
    private readonly nint _before;

    internal RestoredSignal(int signal, nint before) => (_signal, _before) = (signal, before);

    public void Dispose() => _ = Libc.signal(_signal, _before);
}
