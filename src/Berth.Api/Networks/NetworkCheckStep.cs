namespace Berth.Api;

public sealed record NetworkCheckStep
{
    /// <summary>What was looked at, in a word or two.</summary>
    public string? Check { get; init; }

    public bool? Passed { get; init; }

    public string? Detail { get; init; }
}
