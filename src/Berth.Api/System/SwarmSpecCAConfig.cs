namespace Berth.Api;

public sealed record SwarmSpecCAConfig
{
    public long? NodeCertExpiry { get; init; }

    public IReadOnlyList<SwarmSpecCAConfigExternalCA>? ExternalCAs { get; init; }

    public string? SigningCACert { get; init; }

    public string? SigningCAKey { get; init; }

    public long? ForceRotate { get; init; }
}
