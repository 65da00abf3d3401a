using Berth.Build.Dockerfile.Words;
using Berth.Oci.Images;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>A FROM's base and platform with their variables replaced.</summary>
/// <param name="PlatformText">null: no --platform.</param>
public sealed record ExpandedFrom(Expansion Base, Expansion? PlatformText, Platform? Platform);
