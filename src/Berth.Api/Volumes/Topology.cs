namespace Berth.Api;

public sealed record Topology
{
    public IReadOnlyDictionary<string, string>? Segments { get; init; }
}
