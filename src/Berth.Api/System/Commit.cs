namespace Berth.Api;

public sealed record Commit
{
    public string? ID { get; init; }
}
