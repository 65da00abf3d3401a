namespace Berth.Daemon.Hijack;

/// <summary>The watch over one hijacked connection.</summary>
internal sealed class Hangup : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private IDisposable? _watch;

    /// <summary>Fires when the client is gone.</summary>
    public CancellationToken Gone => _gone.Token;

    public void Dispose() => _watch?.Dispose(); // the source holds nothing, and its token may still be in use by the session's last continuations

    internal void Attach(IDisposable watch) => _watch = watch;

    // Not on the watcher's thread: what waits for the token may do work.
    internal void OnGone() => ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), _gone, preferLocal: false);
}
