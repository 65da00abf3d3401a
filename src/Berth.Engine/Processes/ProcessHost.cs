using System.Globalization;

using Berth.Engine.Spec;

namespace Berth.Engine.Processes;

/// <summary>What of the host a process list needs.</summary>
/// <param name="Boot">When it started.</param>
/// <param name="MemoryKib">Its memory.</param>
/// <param name="Users">Its names of users and groups.</param>
internal sealed record ProcessHost(DateTimeOffset Boot, long MemoryKib, UserDatabase Users)
{
    public static ProcessHost Read()
    {
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        string total = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemTotal:", StringComparison.Ordinal));
        return new ProcessHost(
            DateTimeOffset.UtcNow - TimeSpan.FromSeconds(uptime),
            long.Parse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture),
            UserDatabase.Parse(Text("/etc/passwd"), Text("/etc/group")));
    }

    private static string? Text(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}
