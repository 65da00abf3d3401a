namespace Berth.Api;

public sealed record ImageManifestSummarySize
{
    public long? Total { get; init; }

    public long? Content { get; init; }
}
