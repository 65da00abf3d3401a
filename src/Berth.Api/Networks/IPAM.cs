namespace Berth.Api;

public sealed record IPAM
{
    public string? Driver { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyList<IPAMConfig>? Config { get; init; }
}
