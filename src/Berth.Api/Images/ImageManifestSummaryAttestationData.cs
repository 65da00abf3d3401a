namespace Berth.Api;

public sealed record ImageManifestSummaryAttestationData
{
    public string? For { get; init; }
}
