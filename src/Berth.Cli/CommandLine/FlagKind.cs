namespace Berth.Cli.CommandLine;

/// <summary>How a flag takes its value and what help calls it.</summary>
internal enum FlagKind
{
    /// <summary>No value needed: "--rm" is "--rm=true".</summary>
    Bool,

    /// <summary>The last value counts.</summary>
    Text,
    Int,
    Uint,
    Uint16,
    Duration,

    /// <summary>A size such as "64m".</summary>
    Bytes,

    /// <summary>Every value counts.</summary>
    List,
}
