namespace Berth.Api;

public sealed record HostConfigLogConfig
{
    public string? Type { get; init; }

    public IReadOnlyDictionary<string, string>? Config { get; init; }
}
