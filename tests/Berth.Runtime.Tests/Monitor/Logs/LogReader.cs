using System.Text.Json;

namespace Berth.Runtime.Tests.Monitor.Logs;

/// <summary>A log read back: every line has to be whole JSON.</summary>
internal static class LogReader
{
    public static IReadOnlyList<LogEntry> Read(string path)
    {
        var entries = new List<LogEntry>();
        foreach (string line in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(line);
            entries.Add(new LogEntry(
                json.RootElement.GetProperty("log").GetString()!, json.RootElement.GetProperty("stream").GetString()!, json.RootElement.GetProperty("time").GetString()!));
        }

        return entries;
    }
}

internal sealed record LogEntry(string Log, string Stream, string Time);
