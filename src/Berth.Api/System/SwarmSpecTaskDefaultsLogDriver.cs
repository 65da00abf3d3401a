namespace Berth.Api;

public sealed record SwarmSpecTaskDefaultsLogDriver
{
    public string? Name { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }
}
