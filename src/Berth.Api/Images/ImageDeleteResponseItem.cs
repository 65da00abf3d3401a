namespace Berth.Api;

public sealed record ImageDeleteResponseItem
{
    public string? Untagged { get; init; }

    public string? Deleted { get; init; }
}
