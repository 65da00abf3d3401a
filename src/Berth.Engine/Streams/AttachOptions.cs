namespace Berth.Engine.Streams;

/// <summary>The query of an attach.</summary>
public sealed record AttachOptions
{
    /// <summary>Replay the log first.</summary>
    public bool Logs { get; init; }

    /// <summary>Follow what comes.</summary>
    public bool Stream { get; init; }

    public bool Stdin { get; init; }

    public bool Stdout { get; init; }

    public bool Stderr { get; init; }

    /// <summary>As "ctrl-p,ctrl-q"; null takes Docker's default.</summary>
    public string? DetachKeys { get; init; }
}
