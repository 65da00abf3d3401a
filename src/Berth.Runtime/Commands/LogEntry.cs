namespace Berth.Runtime.Commands;

/// <summary>A line of --log with --log-format json: what containerd's shim and conmon read the reason of a failure from.</summary>
internal sealed record LogEntry(string Level, string Msg, DateTimeOffset Time);
