using Berth.Oci.Images;

namespace Berth.Images.Registries;

/// <summary>What a registry has under a name.</summary>
/// <param name="Descriptor">Of the manifest or index itself.</param>
/// <param name="Platforms">What its images run on.</param>
public sealed record DistributionInfo(Descriptor Descriptor, IReadOnlyList<Platform> Platforms);
