namespace Berth.Api;

/// <summary>What a registry has under a name.</summary>
public sealed record DistributionInspect
{
    public OCIDescriptor? Descriptor { get; init; }

    public IReadOnlyList<OCIPlatform>? Platforms { get; init; }
}
