namespace Berth.Cli.Streams;

/// <summary>Why the streams were left.</summary>
internal enum PumpEnd
{
    /// <summary>The container's side ended.</summary>
    Closed,

    /// <summary>The user typed the detach keys.</summary>
    Detached,

    /// <summary>Our input ended and no output is wanted.</summary>
    InputEnded,
}
