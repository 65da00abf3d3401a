namespace Berth.Api;

public sealed record PullIdentity
{
    public string? Repository { get; init; }
}
