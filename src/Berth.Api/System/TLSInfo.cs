namespace Berth.Api;

public sealed record TLSInfo
{
    public string? TrustRoot { get; init; }

    public string? CertIssuerSubject { get; init; }

    public string? CertIssuerPublicKey { get; init; }
}
