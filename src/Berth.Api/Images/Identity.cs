namespace Berth.Api;

public sealed record Identity
{
    public IReadOnlyList<SignatureIdentity>? Signature { get; init; }

    public IReadOnlyList<PullIdentity>? Pull { get; init; }

    public IReadOnlyList<BuildIdentity>? Build { get; init; }
}
