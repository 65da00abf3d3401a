using System.IO.Pipelines;

namespace Berth.Engine.Streams;

/// <summary>
/// A checked request for a stream. Between getting it and <see cref="RunAsync"/> the caller writes its response head:
/// all errors that deserve a status code have been thrown before.
/// </summary>
public abstract class StreamSession : IAsyncDisposable
{
    /// <summary>Raw bytes of a terminal; otherwise Docker's frames (1 byte stream, 3 zero, 4 bytes big-endian length).</summary>
    public abstract bool Raw { get; }

    /// <summary>Pumps until the output ended, the client is gone or the detach keys were typed. The end of <paramref name="input"/> is only the end of stdin.</summary>
    /// <param name="input">From the client; null where it sends nothing (logs).</param>
    /// <param name="output">To the client. Flushed after each piece; not completed.</param>
    /// <param name="cancel">The client is gone.</param>
    public abstract Task RunAsync(PipeReader? input, PipeWriter output, CancellationToken cancel);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
