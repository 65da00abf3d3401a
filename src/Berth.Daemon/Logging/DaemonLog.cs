using Microsoft.Extensions.Logging;

namespace Berth.Daemon.Logging;

/// <summary>What berthd says on stderr.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(1, LogLevel.Information, "berthd {Version} ready after {Milliseconds} ms, listening at {Sockets}", EventName = "Ready")]
    public static partial void Ready(ILogger logger, string version, long milliseconds, string sockets);

    [LoggerMessage(2, LogLevel.Information, "{Signal}: stopping; containers run on", EventName = "Stopping")]
    public static partial void Stopping(ILogger logger, string signal);

    [LoggerMessage(3, LogLevel.Information, "stopped", EventName = "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(4, LogLevel.Debug, "{Method} {Path}: refused with {Status}: {Reason}", EventName = "RequestRefused")]
    public static partial void RequestRefused(ILogger logger, string method, string path, int status, string reason);

    [LoggerMessage(5, LogLevel.Error, "{Method} {Path}: failed: {Reason}", EventName = "RequestFailed")]
    public static partial void RequestFailed(ILogger logger, string method, string path, string reason, Exception failure);

    [LoggerMessage(6, LogLevel.Debug, "{Method} {Path}: the client went away", EventName = "ClientGone")]
    public static partial void ClientGone(ILogger logger, string method, string path);

    [LoggerMessage(7, LogLevel.Critical, "cannot start: {Reason}", EventName = "CannotStart")]
    public static partial void CannotStart(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Debug, "cannot start: the failure in full", EventName = "CannotStartDetail")]
    public static partial void CannotStartDetail(ILogger logger, Exception failure);

    [LoggerMessage(9, LogLevel.Warning, "no group docker or berth: only root may use {Socket}", EventName = "NoSocketGroup")]
    public static partial void NoSocketGroup(ILogger logger, string socket);

    [LoggerMessage(10, LogLevel.Debug, "{Method} {Path}", EventName = "Request")]
    public static partial void Request(ILogger logger, string method, string path);

    [LoggerMessage(40, LogLevel.Warning, "started, but {Problem}", EventName = "Degraded")]
    public static partial void Degraded(ILogger logger, string problem);

    [LoggerMessage(41, LogLevel.Warning, "{Report}", EventName = "Reported")]
    public static partial void Reported(ILogger logger, string report);
}
