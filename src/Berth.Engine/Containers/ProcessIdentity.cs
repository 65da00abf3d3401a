using System.Globalization;

namespace Berth.Engine.Containers;

/// <summary>Tells a process from a later one of the same number.</summary>
internal static class ProcessIdentity
{
    /// <summary>Whether the process that began at this time (clock ticks since boot) still lives; a zombie does not.</summary>
    public static bool IsAlive(int pid, ulong startTime)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));

            // The name in field 2 may hold spaces and parentheses; the last ")" ends it (proc_pid_stat(5)).
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is not ("Z" or "X") && ulong.Parse(fields[19], CultureInfo.InvariantCulture) == startTime;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
