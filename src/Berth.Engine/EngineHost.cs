using Berth.Engine.Containers;
using Berth.Engine.Events;
using Berth.Engine.Exec;
using Berth.Engine.Images;
using Berth.Engine.Networks;
using Berth.Engine.Volumes;

namespace Berth.Engine;

/// <summary>Everything of one engine, opened, repaired and adopted.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private EngineHost()
    {
    }

    public required ContainerCreation Creation { get; init; }

    public required ContainerControl Control { get; init; }

    public required ContainerQueries Queries { get; init; }

    public required ContainerStreams Streams { get; init; }

    public required Execs Execs { get; init; }

    public required NamedVolumes Volumes { get; init; }

    public required EventLog Events { get; init; }

    public required ImageCatalog Images { get; init; }

    public required NetworkCatalog Networks { get; init; }

    /// <summary>Opens database, images and networks, sweeps what nobody owns and takes over the containers that run.</summary>
    public static Task<EngineHost> StartAsync(EngineOptions options, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    /// <summary>Lets go. Containers run on.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
