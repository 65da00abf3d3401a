namespace Berth.Oci.Images;

/// <summary>How to ask a container whether it is well (Docker's extension). Durations are nanoseconds.</summary>
public sealed record Healthcheck
{
    /// <summary>Empty: inherit; ["NONE"], ["CMD", …] or ["CMD-SHELL", text].</summary>
    public IReadOnlyList<string>? Test { get; init; }

    public long? Interval { get; init; }

    public long? Timeout { get; init; }

    public long? StartPeriod { get; init; }

    public long? StartInterval { get; init; }

    public int? Retries { get; init; }
}
