namespace Berth.Api;

public sealed record ImageManifestSummaryImageData
{
    public OCIPlatform? Platform { get; init; }

    public Identity? Identity { get; init; }

    public IReadOnlyList<string>? Containers { get; init; }

    public ImageManifestSummaryImageDataSize? Size { get; init; }
}
