namespace Berth.Api;

public sealed record ContainerCreateResponse
{
    public string? Id { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }
}
