using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Images;

/// <summary>What a user's word for an image means: a name first, then an id or the beginning of one, as Docker decides.</summary>
internal static class ImageLookup
{
    /// <exception cref="EngineException">Invalid: no reference at all, or several ids begin so.</exception>
    public static Digest? Find(Session s, string text)
    {
        if (Digest.TryParse(text, out Digest whole) || Digest.TryFromHex(text, out whole))
        {
            return ImageRows.Exists(s, whole) ? whole : null;
        }

        bool isName = ImageReference.TryParse(text, out ImageReference? reference);
        if (isName && FindByName(s, reference!) is { } named)
        {
            return named;
        }

        string prefix = text.StartsWith("sha256:", StringComparison.Ordinal) ? text[7..] : text;
        if (prefix.Length is > 0 and < 64 && !prefix.AsSpan().ContainsAnyExcept("0123456789abcdef"))
        {
            List<Digest> found = ImageRows.FindByPrefix(s, prefix);
            return found.Count switch
            {
                0 => null,
                1 => found[0],
                _ => throw EngineException.Invalid($"several images have an id that begins with {prefix}: give more digits"),
            };
        }

        return isName ? null : throw EngineException.Invalid(Why(text));
    }

    /// <summary>Whether a text names an image by its id, where it could also be read as a name.</summary>
    public static bool IsId(string text, Digest found) =>
        (text.StartsWith("sha256:", StringComparison.Ordinal) ? found.ToString() : found.Hex).StartsWith(text, StringComparison.Ordinal);

    /// <summary>A name as messages show it, with the tag that was meant.</summary>
    public static string Shown(string text) =>
        !Digest.TryFromHex(text, out _) && ImageReference.TryParse(text, out ImageReference? reference) ? reference.WithDefaultTag().Familiar : text;

    private static Digest? FindByName(Session s, ImageReference reference) =>
        // With both, the digest decides (distribution: a tag beside a digest is only a hint).
        ImageRows.Find(s, reference.Digest is null ? reference.WithDefaultTag() : reference with { Tag = null });

    private static string Why(string text)
    {
        try
        {
            ImageReference.Parse(text);
            return "invalid reference format";
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
