namespace Berth.Api;

public sealed record IPAMConfig
{
    public string? Subnet { get; init; }

    public string? IPRange { get; init; }

    public string? Gateway { get; init; }

    public IReadOnlyDictionary<string, string>? AuxiliaryAddresses { get; init; }
}
