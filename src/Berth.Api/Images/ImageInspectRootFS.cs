namespace Berth.Api;

public sealed record ImageInspectRootFS
{
    public string? Type { get; init; }

    public IReadOnlyList<string>? Layers { get; init; }
}
