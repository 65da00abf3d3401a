namespace Berth.Api;

/// <summary>Whether one container reaches another, and why not. An operation of our own.</summary>
public sealed record NetworkCheckResponse
{
    public string? From { get; init; }

    public string? To { get; init; }

    public bool? Reachable { get; init; }

    public IReadOnlyList<NetworkCheckStep>? Steps { get; init; }

    /// <summary>What to do; empty: nothing.</summary>
    public string? Advice { get; init; }
}
