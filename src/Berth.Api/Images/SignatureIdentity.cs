namespace Berth.Api;

public sealed record SignatureIdentity
{
    public string? Name { get; init; }

    public IReadOnlyList<SignatureTimestamp>? Timestamps { get; init; }

    public string? KnownSigner { get; init; }

    public string? DockerReference { get; init; }

    public SignerIdentity? Signer { get; init; }

    public string? SignatureType { get; init; }

    public string? Error { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }
}
