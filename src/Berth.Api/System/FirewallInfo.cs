namespace Berth.Api;

public sealed record FirewallInfo
{
    public string? Driver { get; init; }

    public IReadOnlyList<IReadOnlyList<string>>? Info { get; init; }
}
