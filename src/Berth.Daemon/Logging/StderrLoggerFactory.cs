using Microsoft.Extensions.Logging;

namespace Berth.Daemon.Logging;

/// <summary>Loggers without the host's configuration and providers. Kestrel's own say nothing below a warning.</summary>
internal sealed class StderrLoggerFactory(LogLevel minimum) : ILoggerFactory
{
    private readonly TextWriter _output = TextWriter.Synchronized(Console.Error);

    public ILogger CreateLogger(string categoryName) =>
        new StderrLogger(categoryName, categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) && minimum < LogLevel.Warning ? LogLevel.Warning : minimum, _output);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("there is one output: stderr");

    public void Dispose() => _output.Flush();
}
