using Berth.Api;

namespace Berth.Engine.Containers;

/// <summary>Answers questions about containers from their published records; never waits for one.</summary>
public sealed class ContainerQueries
{
    /// <param name="all">Also those that do not run.</param>
    /// <param name="limit">Only the newest so many (which implies all); 0 or less: no limit.</param>
    /// <param name="size">Measure the files too.</param>
    /// <param name="filters">Unknown keys are refused.</param>
    public Task<IReadOnlyList<ContainerSummary>> ListAsync(bool all, int limit, bool size, Filters filters, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task<ContainerInspectResponse> InspectAsync(string container, bool size, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task<ContainerTopResponse> TopAsync(string container, string? psArgs, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    /// <summary>Starts to wait. Throws at once where there is no such container; the inner task ends when the condition holds, so a head can be sent between the two.</summary>
    public Task<ContainerWaitResponse> Wait(string container, WaitCondition condition, CancellationToken cancel) => throw new InvalidOperationException("not yet");
}
