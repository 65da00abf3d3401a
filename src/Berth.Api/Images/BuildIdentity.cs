namespace Berth.Api;

public sealed record BuildIdentity
{
    public string? Ref { get; init; }

    public string? CreatedAt { get; init; }
}
