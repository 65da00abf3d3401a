using System.Globalization;

using Berth.Linux.Files;

namespace Berth.Linux.Processes;

/// <summary>What /proc/PID/stat says of a process.</summary>
/// <param name="State">R, S, D, T, Z, X …</param>
/// <param name="StartTime">Clock ticks after boot: with the pid it names a process for ever.</param>
public readonly record struct ProcessStat(char State, ulong StartTime)
{
    /// <summary>Null when there is no such process.</summary>
    public static ProcessStat? TryRead(int pid)
    {
        if (SmallFile.TryRead($"/proc/{pid}/stat") is not { } text)
        {
            return null;
        }

        // The second field, the name, may hold spaces and parentheses: count from behind the last one.
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new ProcessStat(fields[0][0], ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }
}
