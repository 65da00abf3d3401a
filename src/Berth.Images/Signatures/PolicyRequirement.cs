namespace Berth.Images.Signatures;

/// <summary>One thing a policy demands of an image.</summary>
/// <param name="Kind">What.</param>
internal sealed record PolicyRequirement(PolicyRequirementKind Kind)
{
    /// <summary>Any of these may have signed.</summary>
    public IReadOnlyList<SigningKey> Keys { get; init; } = [];

    /// <summary>What the signature must state.</summary>
    public SignedIdentity Identity { get; init; } = new(IdentityMatch.RepositoryByDigestOrExact);
}
