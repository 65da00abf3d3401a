namespace Berth.Api;

public sealed record ImageHistoryResponseItem
{
    public string? Id { get; init; }

    public long? Created { get; init; }

    public string? CreatedBy { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public long? Size { get; init; }

    public string? Comment { get; init; }
}
