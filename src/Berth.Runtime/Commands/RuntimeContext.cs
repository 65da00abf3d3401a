using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.Json;

namespace Berth.Runtime.Commands;

/// <summary>Options before the command: where containers are recorded, and the log that callers read errors from.</summary>
internal sealed record RuntimeContext(string Root, string? Log, bool LogIsJson)
{
    public const string DefaultRoot = "/run/berth-runtime";

    /// <summary>Tells of a failure on standard error and in the log.</summary>
    public void Fail(string message)
    {
        Print.Error($"berth-runtime: {message}");
        if (Log is null)
        {
            return;
        }

        string line = LogIsJson
            ? JsonText.Object(j => j.Member("level", "error").Member("msg", message).Member("time", DateTimeOffset.UtcNow)).ToString()
            : $"time=\"{DateTimeOffset.UtcNow:O}\" level=error msg=\"{message.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        try
        {
            using FileDescriptor log = FileDescriptor.Open(Log, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND, 0x1A4);
            FileWrite.All(log, System.Text.Encoding.UTF8.GetBytes(line + "\n"), Log);
        }
        catch (LinuxException e)
        {
            Print.Error($"berth-runtime: cannot write the log: {e.Message}");
        }
    }
}
