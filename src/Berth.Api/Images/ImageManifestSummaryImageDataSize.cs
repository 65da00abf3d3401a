namespace Berth.Api;

public sealed record ImageManifestSummaryImageDataSize
{
    public long? Unpacked { get; init; }
}
