using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>--platform.</summary>
internal static class Platforms
{
    /// <exception cref="EngineException">NotFound: the image is for another platform than the one asked for. Invalid: malformed.</exception>
    public static void Check(string? platform, Image image)
    {
        if (string.IsNullOrEmpty(platform))
        {
            return;
        }

        // "linux" or "arm64" alone name one half.
        Platform wanted = PlatformSpecifier.Parse(platform, new Platform { Os = image.Os, Architecture = image.Architecture })
            ?? throw EngineException.Invalid(PlatformSpecifier.Fault(platform));
        if (wanted.Os != image.Os || wanted.Architecture != image.Architecture)
        {
            throw EngineException.NotFound(
                $"image with reference was found but its platform ({image.Os}/{image.Architecture}) does not match the specified platform ({wanted.Os}/{wanted.Architecture})");
        }
    }
}
