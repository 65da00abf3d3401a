using System.Text.Json;

using Berth.Oci.Images;

namespace Berth.Images.Registries;

/// <summary>Which kind of document a manifest is: what the server says and what the document says must be the same, or one program could read an index where another reads a manifest (CVE-2021-41190).</summary>
internal static class ManifestForm
{
    /// <summary>What is asked for, the best first.</summary>
    public static readonly IReadOnlyList<string> Accepted =
    [
        MediaTypes.DockerManifest, MediaTypes.DockerManifestList, MediaTypes.Manifest, MediaTypes.Index,

        // Asked for by name, so that an old registry says what it has, which is then refused by name.
        Schema1Signed, "application/json;q=0.1",
    ];

    private const string Schema1 = "application/vnd.docker.distribution.manifest.v1+json";
    private const string Schema1Signed = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>The document's media type.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="contentType">The server's word; null or unspecific: only the document's counts.</param>
    /// <exception cref="FormatException">It is none of those, or its kinds contradict each other.</exception>
    public static string Of(ReadOnlyMemory<byte> bytes, string? contentType)
    {
        string told = (contentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("it is no JSON object");
            }

            bool isSchema1 = told is Schema1 or Schema1Signed || (root.TryGetProperty("schemaVersion", out JsonElement version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number) && number == 1);
            if (isSchema1)
            {
                throw new FormatException("it is of the obsolete schema 1, which is not supported: the image has to be pushed anew by a current tool");
            }

            string? own = root.TryGetProperty("mediaType", out JsonElement type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
            return Agree(told, own, root.TryGetProperty("manifests", out _), root.TryGetProperty("config", out _) || root.TryGetProperty("layers", out _));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the second: a text that is not UTF-8
        {
            throw new FormatException("it is malformed JSON");
        }
    }

    private static string Agree(string told, string? own, bool isIndex, bool isManifest)
    {
        if (isIndex && isManifest)
        {
            throw new FormatException("it is a manifest and an index at once");
        }

        string named = IsKnown(told) ? told : own ?? "";
        if (own is not null && own != named)
        {
            throw new FormatException($"it was sent as {named} and calls itself {own}");
        }

        string meant = named.Length > 0 ? named : isIndex ? MediaTypes.Index : isManifest ? MediaTypes.Manifest : "";
        if (!IsKnown(meant))
        {
            throw new FormatException($"{(meant.Length > 0 ? meant : told.Length > 0 ? told : "a document without a type")} is no manifest of an image");
        }

        return MediaTypes.IsIndex(meant) == isIndex && MediaTypes.IsManifest(meant) == isManifest
            ? meant
            : throw new FormatException($"it has not the members of {meant}");
    }

    private static bool IsKnown(string type) => MediaTypes.IsIndex(type) || MediaTypes.IsManifest(type);
}
