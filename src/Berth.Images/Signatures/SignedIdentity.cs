using Berth.Oci.References;

namespace Berth.Images.Signatures;

/// <summary>Which name a signature must state: one for another image of the same signer does not do.</summary>
internal sealed record SignedIdentity(IdentityMatch Match)
{
    /// <summary>The name or repository that the policy states.</summary>
    public ImageReference? Stated { get; init; }

    /// <summary>What a name begins with, and what a signature states instead.</summary>
    public (string From, string To) Remap { get; init; } = ("", "");

    /// <param name="asked">The image, with a tag or a digest.</param>
    /// <param name="signed">The name in the signature; a bare repository, as cosign writes it, is no whole name.</param>
    public bool Accepts(ImageReference asked, ImageReference signed) => Match switch
    {
        IdentityMatch.Exact => IsWhole(signed) && signed == asked,
        IdentityMatch.Repository => signed.Repository == asked.Repository,
        IdentityMatch.StatedReference => IsWhole(signed) && signed == Stated,
        IdentityMatch.StatedRepository => signed.Repository == Stated!.Repository,
        IdentityMatch.Remapped => Remapped(asked) is { } mapped && ByDigestOrExact(mapped, signed),
        _ => ByDigestOrExact(asked, signed),
    };

    /// <summary>The same in words.</summary>
    public string Wanted(ImageReference asked) => Match switch
    {
        IdentityMatch.Repository => $"any name of {asked.Repository}",
        IdentityMatch.StatedReference => Stated!.ToString(),
        IdentityMatch.StatedRepository => $"any name of {Stated!.Repository}",
        IdentityMatch.Exact => asked.ToString(),
        IdentityMatch.Remapped => Remapped(asked) is { } mapped ? Whole(mapped) : $"a name below {Remap.To}",
        _ => Whole(asked),
    };

    private static string Whole(ImageReference name) => name.Digest is null ? name.ToString() : $"any tag of {name.Repository}";

    private static bool ByDigestOrExact(ImageReference asked, ImageReference signed) =>
        IsWhole(signed) && (asked.Digest is null ? signed == asked : signed.Repository == asked.Repository);

    private static bool IsWhole(ImageReference name) => name.Tag is not null || name.Digest is not null;

    private ImageReference? Remapped(ImageReference asked)
    {
        string whole = asked.ToString();
        bool isBelow = asked.Repository == Remap.From || asked.Repository.StartsWith(Remap.From + "/", StringComparison.Ordinal);
        return !isBelow ? asked : ImageReference.TryParse(Remap.To + whole[Remap.From.Length..], out ImageReference? mapped) ? mapped : null;
    }
}
