namespace Berth.Api;

public sealed record ConfigReference
{
    public string? Network { get; init; }
}
