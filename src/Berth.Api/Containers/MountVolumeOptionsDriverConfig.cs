namespace Berth.Api;

public sealed record MountVolumeOptionsDriverConfig
{
    public string? Name { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }
}
