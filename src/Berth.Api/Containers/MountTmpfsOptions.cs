namespace Berth.Api;

public sealed record MountTmpfsOptions
{
    public long? SizeBytes { get; init; }

    public long? Mode { get; init; }

    public IReadOnlyList<IReadOnlyList<string>>? Options { get; init; }
}
