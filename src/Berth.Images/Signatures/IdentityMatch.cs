namespace Berth.Images.Signatures;

/// <summary>How the name in a signature is compared (containers-policy.json(5), "signedIdentity").</summary>
internal enum IdentityMatch
{
    /// <summary>Of an image asked for by digest the repository, else the whole name.</summary>
    RepositoryByDigestOrExact,

    Exact,

    /// <summary>The repository of the image.</summary>
    Repository,

    /// <summary>A name that the policy states.</summary>
    StatedReference,

    /// <summary>A repository that the policy states.</summary>
    StatedRepository,

    /// <summary>As the first, with the beginning of the name replaced.</summary>
    Remapped,
}
