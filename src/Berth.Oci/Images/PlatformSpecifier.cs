using System.Runtime.InteropServices;

namespace Berth.Oci.Images;

/// <summary>"os/architecture[/variant]", or one of the first two alone (containerd's platforms.Parse), in the usual spelling.</summary>
public static class PlatformSpecifier
{
    private static readonly HashSet<string> Systems = new(StringComparer.Ordinal)
    {
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "netbsd", "openbsd", "plan9", "solaris", "windows", "zos",
    };

    private static readonly HashSet<string> Architectures = new(StringComparer.Ordinal)
    {
        "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x", "wasm",
    };

    /// <summary>What this program was built for.</summary>
    public static Platform Here { get; } = new() { Os = "linux", Architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64" };

    /// <summary>null: it is none.</summary>
    /// <param name="host">Gives what is left out.</param>
    public static Platform? Parse(string text, Platform host)
    {
        string[] parts = text.ToLowerInvariant().Split('/');
        if (parts.Length > 3 || !parts.All(p => p.Length > 0 && p.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')))
        {
            return null;
        }

        string first = System(parts[0]);
        if (parts.Length > 1)
        {
            return Normal(first, parts[1], parts.ElementAtOrDefault(2));
        }

        if (Systems.Contains(first))
        {
            return host with { Os = first, OsVersion = null, OsFeatures = null };
        }

        Platform alone = Normal(host.Os, parts[0], null);
        return Architectures.Contains(alone.Architecture) ? alone : null;
    }

    /// <summary>What a refusal of a text says that <see cref="Parse"/> knows none in.</summary>
    public static string Fault(string text) =>
        $"\"{text}\": {(text.Contains('/') ? "invalid platform" : "unknown operating system or architecture")}: OS[/ARCHITECTURE[/VARIANT]] is wanted, as linux/arm64";

    private static string System(string os) => os == "macos" ? "darwin" : os;

    private static Platform Normal(string os, string architecture, string? variant)
    {
        (string name, string? kind) = (architecture, variant) switch
        {
            ("i386", _) => ("386", null),
            ("x86_64" or "x86-64" or "amd64", null or "v1") => ("amd64", null),
            ("x86_64" or "x86-64", _) => ("amd64", variant),
            ("aarch64" or "arm64", null or "8" or "v8") => ("arm64", null),
            ("aarch64", _) => ("arm64", variant),
            ("armhf", _) => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            ("arm", null or "7") => ("arm", "v7"),
            ("arm", "5" or "6" or "8") => ("arm", "v" + variant),
            _ => (architecture, variant),
        };
        return new Platform { Os = os, Architecture = name, Variant = kind };
    }
}
