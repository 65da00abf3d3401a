using System.Diagnostics.CodeAnalysis;

using Berth.Oci.Digests;

namespace Berth.Oci.References;

/// <summary>
/// The name of an image: [domain/]path[:tag][@digest] (distribution's reference grammar). "busybox" means docker.io/library/busybox.
/// A value of this type is always in its canonical, fully qualified form; <see cref="Familiar"/> is the short one that people type.
/// </summary>
public sealed record ImageReference
{
    public const string DefaultDomain = "docker.io";
    public const string DefaultTag = "latest";

    private const string Official = "library/";

    internal ImageReference(string domain, string path, string? tag, Digest? digest)
    {
        Domain = domain;
        Path = path;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Host with an optional port, e.g. "docker.io", "localhost:5000".</summary>
    public string Domain { get; }

    /// <summary>E.g. "library/busybox".</summary>
    public string Path { get; }

    public string? Tag { get; init; }

    public Digest? Digest { get; init; }

    /// <summary>Domain and path.</summary>
    public string Repository => $"{Domain}/{Path}";

    /// <summary>Domain and path as people type them: the short form, where that means the same when it is read again.</summary>
    public string FamiliarRepository
    {
        get
        {
            if (Domain != DefaultDomain)
            {
                return Repository;
            }

            bool isOfficial = Path.StartsWith(Official, StringComparison.Ordinal) && !Path.AsSpan(Official.Length).Contains('/');
            string familiar = isOfficial ? Path[Official.Length..] : Path;
            return ReferenceGrammar.IsAmbiguous(familiar) ? Repository : familiar;
        }
    }

    /// <summary>As people type it.</summary>
    public string Familiar => FamiliarRepository + Suffix;

    /// <summary>The same with the default tag where it has neither tag nor digest.</summary>
    public ImageReference WithDefaultTag() => Tag is null && Digest is null ? this with { Tag = DefaultTag } : this;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <exception cref="FormatException">What is wrong with it, in Docker's words.</exception>
    public static ImageReference Parse(string text) =>
        ReferenceGrammar.TryParse(text, out ImageReference? reference, out string? why) ? reference : throw new FormatException(why);

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference) => ReferenceGrammar.TryParse(text, out reference, out _);

    /// <summary>The canonical form.</summary>
    public override string ToString() => Repository + Suffix;
}
