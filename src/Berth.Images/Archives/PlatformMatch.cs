using System.Runtime.InteropServices;

using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>Which of an index's manifests runs on a platform.</summary>
internal static class PlatformMatch
{
    /// <summary>This machine's.</summary>
    public static Platform Host { get; } = new()
    {
        Os = "linux",
        Architecture = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "amd64",
            Architecture.X86 => "386",
            Architecture.Arm64 => "arm64",
            Architecture.Arm => "arm",
            Architecture other => other.ToString().ToLowerInvariant(),
        },
    };

    /// <summary>What an image says that it is for.</summary>
    public static Platform Of(Image config) => new() { Os = config.Os, Architecture = config.Architecture, Variant = config.Variant };

    /// <summary>Whether an image's config names an operating system other than this machine's; one without a name may be for it.</summary>
    public static bool IsForeign(string? os) => !string.IsNullOrEmpty(os) && os != Host.Os;

    /// <summary>A platform as people give it, completed: this machine's where the architecture is left out, and the kernel's names for architectures are taken for Go's.</summary>
    public static Platform Complete(Platform? given) => given is null ? Host : given with
    {
        Architecture = given.Architecture switch
        {
            "" => Host.Architecture,
            "x86_64" or "x86-64" => "amd64",
            "aarch64" => "arm64",
            "i386" or "i686" => "386",
            "armhf" or "armel" => "arm",
            string other => other,
        },
    };

    /// <summary>Those that run on <paramref name="wanted"/>, the best first; one without a platform may be for any.</summary>
    public static IEnumerable<Descriptor> Order(IEnumerable<Descriptor> manifests, Platform wanted) =>
        manifests.Where(m => m.Platform is null || Runs(m.Platform, wanted))
            .OrderByDescending(m => m.Platform is not null)
            .ThenByDescending(m => m.Platform?.Architecture == wanted.Architecture)
            .ThenByDescending(m => Normal(m.Platform?.Architecture, m.Platform?.Variant) == Normal(wanted.Architecture, wanted.Variant));

    public static bool Runs(Platform image, Platform wanted) =>
        image.Os == wanted.Os && image.Architecture == wanted.Architecture
        && (wanted.Variant is null || image.Variant is null || string.CompareOrdinal(Normal(image.Architecture, image.Variant), Normal(wanted.Architecture, wanted.Variant)) <= 0);

    /// <summary>Whether an image is for exactly a platform: where one is named to be removed, what also runs on it is not meant.</summary>
    public static bool Is(Platform image, Platform named) =>
        image.Os == named.Os && image.Architecture == named.Architecture
        && (named.Variant is null || Normal(image.Architecture, image.Variant) == Normal(named.Architecture, named.Variant));

    // arm64 means arm64/v8, amd64 means amd64/v1 (containerd platforms, "Normalization").
    private static string Normal(string? architecture, string? variant) => (architecture, variant) switch
    {
        ("arm64", null) => "v8",
        ("arm", null) => "v7",
        ("amd64", null) => "v1",
        _ => variant ?? "",
    };
}
