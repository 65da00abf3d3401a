using Berth.Oci.Json;

namespace Berth.Oci.Images;

/// <summary>
/// Writes lists of manifests as Docker's client does, to the byte, so that the same list has the same digest whoever made it: an OCI index where the
/// first member is an OCI manifest, else a list of Docker's. Of a member only type, size, digest and platform go in.
/// </summary>
public static class ManifestList
{
    private const string Level = "   ";

    /// <summary>The media type of a list of these.</summary>
    public static string TypeOf(IReadOnlyList<Descriptor> members) =>
        members.Count > 0 && members[0].MediaType == MediaTypes.Manifest ? MediaTypes.Index : MediaTypes.DockerManifestList;

    /// <summary>The document.</summary>
    public static string Write(IReadOnlyList<Descriptor> members)
    {
        JsonText text = JsonText.Object(j => j.Member("schemaVersion", 2).Member("mediaType", TypeOf(members)).List("manifests", members, Member));
        return JsonLayout.Indent(JsonLayout.Compact(text.ToString()), Level);
    }

    private static void Member(JsonText into, Descriptor member) => into
        .Member("mediaType", member.MediaType)
        .Member("size", member.Size)
        .Member("digest", member.Digest)
        .Member("platform", j => Platform(j, member.Platform ?? new Platform()));

    private static void Platform(JsonText into, Platform platform) => into
        .Member("architecture", platform.Architecture)
        .Member("os", platform.Os)
        .Member("os.version", Said(platform.OsVersion))
        .Member("os.features", platform.OsFeatures is { Count: > 0 } some ? some : null)
        .Member("variant", Said(platform.Variant));

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
