using System.Diagnostics;
using System.Globalization;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Tracing;

/// <summary>
/// Where the time of one run goes: a line a step, "NANOSECONDS PROGRAM STEP", appended to a file that client, daemon and monitor share.
/// The clock is CLOCK_MONOTONIC, one for all processes of the machine. Without a file every mark is one comparison.
/// </summary>
public sealed class TraceLog : IDisposable
{
    private readonly FileDescriptor? file;
    private readonly string program;

    private TraceLog(FileDescriptor? file, string program)
    {
        this.file = file;
        this.program = program;
    }

    /// <summary>Opens the file for appending; null or "" traces nothing.</summary>
    /// <param name="path">The shared file, of the environment's BERTH_TRACE.</param>
    /// <param name="program">Who marks: one word.</param>
    public static TraceLog Open(string? path, string program) =>
        string.IsNullOrEmpty(path)
            ? new TraceLog(null, program)
            : new TraceLog(FileDescriptor.Open(path, Libc.O_WRONLY | Libc.O_APPEND | Libc.O_CREAT, 0x180), program);

    public bool IsOn => file is not null;

    /// <summary>Notes that a step is done now. One write: O_APPEND keeps lines of several processes whole.</summary>
    public void Mark(string step)
    {
        if (file is not null)
        {
            // Stopwatch is CLOCK_MONOTONIC in nanoseconds on Linux.
            byte[] line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetTimestamp()} {program} {step}\n"));
            FileWrite.All(file, line, "the trace");
        }
    }

    public void Dispose() => file?.Dispose();
}
