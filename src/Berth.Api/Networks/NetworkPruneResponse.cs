namespace Berth.Api;

public sealed record NetworkPruneResponse
{
    public IReadOnlyList<string>? NetworksDeleted { get; init; }
}
