namespace Berth.Api;

public sealed record Health
{
    public string? Status { get; init; }

    public long? FailingStreak { get; init; }

    public IReadOnlyList<HealthcheckResult>? Log { get; init; }
}
