namespace Berth.Api;

public sealed record ImageManifestSummary
{
    public string? ID { get; init; }

    public OCIDescriptor? Descriptor { get; init; }

    public bool? Available { get; init; }

    public ImageManifestSummarySize? Size { get; init; }

    public string? Kind { get; init; }

    public ImageManifestSummaryImageData? ImageData { get; init; }

    public ImageManifestSummaryAttestationData? AttestationData { get; init; }
}
