namespace Berth.Api;

public sealed record RestartPolicy
{
    public string? Name { get; init; }

    public long? MaximumRetryCount { get; init; }
}
