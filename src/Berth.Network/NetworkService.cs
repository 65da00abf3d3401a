namespace Berth.Network;

/// <summary>
/// The daemon's networks. Opened in the network namespace that is the daemon's host; from then on no caller's thread matters.
/// Safe for concurrent use.
/// </summary>
public sealed class NetworkService : IAsyncDisposable
{
    private NetworkService()
    {
    }

    /// <summary>The predefined networks: bridge, host, none.</summary>
    public IReadOnlyList<Network> Networks { get; } = [];

    /// <summary>
    /// Makes the host ready (bridge, firewall table, forwarding), removes what a killed daemon left without an owner, and starts
    /// making sandboxes ahead. Endpoints in the database are kept until <see cref="AdoptAsync"/> says who still lives.
    /// </summary>
    public static Task<NetworkService> StartAsync(NetworkOptions options, CancellationToken cancel) => throw new InvalidOperationException();

    /// <summary>A network by name, id or unambiguous beginning of its id; null where there is none.</summary>
    public Network? Find(string nameOrId) => throw new InvalidOperationException(nameOrId);

    /// <summary>
    /// Gives a container its sandbox, usually one made ahead (microseconds), and records its endpoint before answering.
    /// A container has one at a time: what an earlier life left is released first.
    /// </summary>
    /// <exception cref="NetworkException">No such network, no address or bridge port left, or the kernel refused.</exception>
    public Task<Sandbox> TakeAsync(string containerId, SandboxRequest request, CancellationToken cancel) => throw new InvalidOperationException(containerId);

    /// <summary>The container ended (or never started): its endpoint is forgotten, its link goes, its address is free once the kernel let go. No endpoint: no harm.</summary>
    public Task ReleaseAsync(string containerId) => throw new InvalidOperationException(containerId);

    /// <summary>Once after start: the containers that run or are paused keep their endpoints, all other endpoints are released.</summary>
    public Task AdoptAsync(IReadOnlyCollection<string> liveContainers, CancellationToken cancel) => throw new InvalidOperationException();

    /// <summary>The container's endpoint while it has one.</summary>
    public Endpoint? EndpointOf(string containerId) => throw new InvalidOperationException(containerId);

    /// <summary>Everybody on a network now.</summary>
    public IReadOnlyList<Endpoint> EndpointsOf(string networkId) => throw new InvalidOperationException(networkId);

    /// <summary>Stops making sandboxes and drops the ready ones. Bridge, firewall and live containers stay as they are.</summary>
    public ValueTask DisposeAsync() => throw new InvalidOperationException();
}
