namespace Berth.Network.Dns;

/// <summary>How much containers may ask of the server at once.</summary>
internal sealed record DnsLimits
{
    /// <summary>Queries of all containers that are with upstream servers; each holds one descriptor.</summary>
    public int Forwards { get; init; } = 1024;

    /// <summary>The same of one container. Further ones wait.</summary>
    public int ForwardsPerClient { get; init; } = 64;

    /// <summary>Queries of one container that are with servers or wait; more are refused at once. Docker's maxConcurrent.</summary>
    public int PendingPerClient { get; init; } = 1024;

    /// <summary>TCP connections of all containers; one more is closed at once.</summary>
    public int Connections { get; init; } = 1024;

    /// <summary>The same of one container.</summary>
    public int ConnectionsPerClient { get; init; } = 32;

    /// <summary>For one server to answer, and for a place among the forwards: Docker's extIOTimeout.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>For a TCP client to send its next query whole, and to take an answer.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
