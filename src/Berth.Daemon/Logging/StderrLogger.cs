using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Berth.Daemon.Logging;

/// <summary>One line a message on stderr: the service manager keeps it, with its own time where it has one.</summary>
internal sealed class StderrLogger(string category, LogLevel minimum, TextWriter output) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string time = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        string trace = exception is null ? "" : $"\n{exception}";

        // A client's text must not be able to write log lines of its own.
        string message = formatter(state, exception).Replace("\n", "\\n", StringComparison.Ordinal);
        output.WriteLine($"{time} {Name(logLevel)} {category}: {message}{trace}");
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
