namespace Berth.Api;

public sealed record ContainerUpdateResponse
{
    public IReadOnlyList<string>? Warnings { get; init; }
}
