using Berth.Linux.Interop;

namespace Berth.Linux.Signals;

/// <summary>What happens to this process on a signal.</summary>
public static class SignalDisposition
{
    /// <summary>
    /// Lets SIGPIPE end the process, as it ends every other filter: the .NET start-up ignores it, and then
    /// <c>berth ps | head -1</c> would complain about a broken pipe.
    /// </summary>
    public static void DieOfBrokenPipes() => _ = Libc.signal(Libc.SIGPIPE, Libc.SIG_DFL);

    /// <summary>The contrary, until it is disposed: a write to a pipe whose reader is gone fails with EPIPE.</summary>
    public static RestoredSignal IgnoreBrokenPipes() => new(Libc.SIGPIPE, Libc.signal(Libc.SIGPIPE, Libc.SIG_IGN));
}
