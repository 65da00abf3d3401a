namespace Berth.Api;

public sealed record Mount
{
    public string? Target { get; init; }

    public string? Source { get; init; }

    public string? Type { get; init; }

    public bool? ReadOnly { get; init; }

    public string? Consistency { get; init; }

    public MountBindOptions? BindOptions { get; init; }

    public MountVolumeOptions? VolumeOptions { get; init; }

    public MountImageOptions? ImageOptions { get; init; }

    public MountTmpfsOptions? TmpfsOptions { get; init; }
}
