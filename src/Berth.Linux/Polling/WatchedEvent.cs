namespace Berth.Linux.Polling;

/// <summary>What <see cref="EventPoll"/> found.</summary>
/// <param name="Found">Which events.</param>
/// <param name="Token">What the descriptor was added with.</param>
public readonly record struct WatchedEvent(WatchedEvents Found, ulong Token);
