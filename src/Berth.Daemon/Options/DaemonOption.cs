namespace Berth.Daemon.Options;

/// <summary>One option of the command line.</summary>
/// <param name="Names">As typed, with their dashes; the first is the one that help shows.</param>
/// <param name="Value">The value's name in the help; null: a switch.</param>
/// <param name="Help">One line.</param>
/// <param name="Apply">Puts the value into the options; throws FormatException with the reason where it is no good.</param>
internal sealed record DaemonOption(IReadOnlyList<string> Names, string? Value, string Help, Func<DaemonOptions, string, DaemonOptions> Apply)
{
    /// <summary>The value where none is given with "=": "--ipv6" is "--ipv6=true". Null: the next word is the value.</summary>
    public string? Implied { get; init; }
}
