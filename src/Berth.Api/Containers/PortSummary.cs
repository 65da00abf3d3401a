namespace Berth.Api;

public sealed record PortSummary
{
    public string? IP { get; init; }

    public long? PrivatePort { get; init; }

    public long? PublicPort { get; init; }

    public string? Type { get; init; }
}
