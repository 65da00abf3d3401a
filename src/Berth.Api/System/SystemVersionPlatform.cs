namespace Berth.Api;

public sealed record SystemVersionPlatform
{
    public string? Name { get; init; }
}
