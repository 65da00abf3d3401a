using Berth.Oci.Images;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>What rules ask about an image that a stage begins from.</summary>
/// <param name="Environment">"NAME=value".</param>
public sealed record BaseImageFacts(Platform Platform, IReadOnlyList<string> Environment, IReadOnlyList<string>? Shell = null);
