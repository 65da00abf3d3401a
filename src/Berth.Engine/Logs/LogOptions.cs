namespace Berth.Engine.Logs;

/// <summary>The query of a logs request.</summary>
public sealed record LogOptions
{
    public bool Follow { get; init; }

    public bool Stdout { get; init; }

    public bool Stderr { get; init; }

    /// <summary>Only lines at or after this instant.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only lines at or before this instant.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Each line starts with its time, RFC 3339 with nanoseconds.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Each line has the details of its log tag (labels and env named by the log options).</summary>
    public bool Details { get; init; }

    /// <summary>Only the last so many lines; null: all.</summary>
    public int? Tail { get; init; }
}
