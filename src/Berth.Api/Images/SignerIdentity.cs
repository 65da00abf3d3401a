namespace Berth.Api;

public sealed record SignerIdentity
{
    public string? CertificateIssuer { get; init; }

    public string? SubjectAlternativeName { get; init; }

    public string? Issuer { get; init; }

    public string? BuildSignerURI { get; init; }

    public string? BuildSignerDigest { get; init; }

    public string? RunnerEnvironment { get; init; }

    public string? SourceRepositoryURI { get; init; }

    public string? SourceRepositoryDigest { get; init; }

    public string? SourceRepositoryRef { get; init; }

    public string? SourceRepositoryIdentifier { get; init; }

    public string? SourceRepositoryOwnerURI { get; init; }

    public string? SourceRepositoryOwnerIdentifier { get; init; }

    public string? BuildConfigURI { get; init; }

    public string? BuildConfigDigest { get; init; }

    public string? BuildTrigger { get; init; }

    public string? RunInvocationURI { get; init; }

    public string? SourceRepositoryVisibilityAtSigning { get; init; }
}
