using Berth.Engine.Logs;
using Berth.Engine.Streams;

namespace Berth.Engine.Containers;

/// <summary>The byte streams of containers.</summary>
public sealed class ContainerStreams
{
    /// <summary>Attaches, also before the start: then not a byte is missed.</summary>
    public Task<StreamSession> AttachAsync(string container, AttachOptions options, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task<StreamSession> LogsAsync(string container, LogOptions options, CancellationToken cancel) => throw new InvalidOperationException("not yet");
}
