namespace Berth.Api;

public sealed record SignatureTimestamp
{
    public string? Type { get; init; }

    public string? URI { get; init; }

    public string? Timestamp { get; init; }
}
