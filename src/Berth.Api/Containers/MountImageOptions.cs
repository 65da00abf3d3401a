namespace Berth.Api;

public sealed record MountImageOptions
{
    public string? Subpath { get; init; }
}
