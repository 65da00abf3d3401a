namespace Berth.Api;

public sealed record SwarmSpecCAConfigExternalCA
{
    public string? Protocol { get; init; }

    public string? URL { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public string? CACert { get; init; }
}
