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

        string[] parts = platform.ToLowerInvariant().Split('/');
        if (parts.Length > 3 || parts.Any(p => p.Length == 0))
        {
            throw EngineException.Invalid($"\"{platform}\": invalid platform: OS[/ARCH[/VARIANT]] is wanted");
        }

        // "linux" or "arm64" alone name one half.
        string os = parts.Length == 1 && parts[0] is not ("linux" or "windows" or "darwin" or "freebsd") ? image.Os : parts[0];
        string architecture = parts.Length > 1 ? parts[1] : parts[0] == os ? image.Architecture : parts[0];
        architecture = architecture switch { "x86_64" or "x86-64" => "amd64", "aarch64" => "arm64", _ => architecture };
        if (os != image.Os || architecture != image.Architecture)
        {
            throw EngineException.NotFound(
                $"image with reference was found but its platform ({image.Os}/{image.Architecture}) does not match the specified platform ({os}/{architecture})");
        }
    }

}
