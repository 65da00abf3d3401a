namespace Berth.Api;

public sealed record ContainerTopResponse
{
    public IReadOnlyList<string>? Titles { get; init; }

    public IReadOnlyList<IReadOnlyList<string>>? Processes { get; init; }
}
