using Berth.Api;
using Berth.Engine.Streams;

namespace Berth.Engine.Exec;

/// <summary>Further programs in running containers.</summary>
public sealed class Execs
{
    public Task<IDResponse> CreateAsync(string container, ExecCreateRequest request, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    /// <summary>Starts an exec. Null: it was asked for detached and runs.</summary>
    public Task<StreamSession?> StartAsync(string exec, ExecStartRequest request, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task<ExecInspectResponse> InspectAsync(string exec, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task ResizeAsync(string exec, int rows, int columns, CancellationToken cancel) => throw new InvalidOperationException("not yet");
}
