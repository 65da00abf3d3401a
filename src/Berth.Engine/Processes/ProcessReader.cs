using System.Globalization;

namespace Berth.Engine.Processes;

/// <summary>Reads one process from /proc (proc_pid_stat(5), proc_pid_status(5), proc_pid_cmdline(5)).</summary>
internal static class ProcessReader
{
    // USER_HZ, which is 100 for every architecture that Berth runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Null: it has ended meanwhile.</summary>
    public static ProcessFacts? Read(int pid, ProcessHost host)
    {
        try
        {
            string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
            string stat = File.ReadAllText($"{folder}/stat");
            int end = stat.LastIndexOf(')');
            string name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end];
            string[] fields = stat[(end + 2)..].Split(' ');
            return Facts(pid, name, fields, File.ReadLines($"{folder}/status").ToList(), File.ReadAllText($"{folder}/cmdline"), host);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // fields[0] is field 3 of the manual's count.
    private static ProcessFacts Facts(int pid, string name, string[] fields, List<string> status, string commandLine, ProcessHost host)
    {
        long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
        uint uid = Id(status, "Uid:"), gid = Id(status, "Gid:");
        DateTimeOffset started = host.Boot + TimeSpan.FromSeconds(Field(22) / TicksPerSecond);
        var cpu = TimeSpan.FromSeconds((Field(14) + Field(15)) / TicksPerSecond);
        double alive = Math.Max(1, (DateTimeOffset.UtcNow - started).TotalSeconds);
        long resident = Field(24) * Environment.SystemPageSize / 1024;
        string command = commandLine.TrimEnd('\0').Replace('\0', ' ');
        return new ProcessFacts
        {
            Pid = pid,
            ParentPid = (int)Field(4),
            ProcessGroup = (int)Field(5),
            Session = (int)Field(6),
            Uid = uid,
            Gid = gid,
            User = host.Users.Users.FirstOrDefault(u => u.Uid == uid) is { Name: { Length: > 0 } user } ? user : $"{uid}",
            Group = host.Users.Groups.FirstOrDefault(g => g.Gid == gid) is { Name: { Length: > 0 } group } ? group : $"{gid}",
            Tty = Terminal(Field(7)),
            State = State(fields[0], Field(6) == pid, Field(8) == Field(5), Field(19), Field(20)),
            Name = name,
            Command = command.Length > 0 ? command : $"[{name}]",
            CpuTime = cpu,
            Started = started,
            CpuPercent = cpu.TotalSeconds * 100 / alive,
            MemoryPercent = resident * 100.0 / host.MemoryKib,
            VirtualKib = Field(23) / 1024,
            ResidentKib = resident,
            Nice = (int)Field(19),
            Threads = (int)Field(20),
        };
    }

    // ps(1), PROCESS STATE CODES.
    private static string State(string state, bool leadsSession, bool foreground, long nice, long threads) =>
        state + (nice < 0 ? "<" : nice > 0 ? "N" : "") + (leadsSession ? "s" : "") + (threads > 1 ? "l" : "") + (foreground ? "+" : "");

    // The device number of the terminal: major 136 and up are the pseudo-terminals, 4 the consoles (devices.txt).
    private static string Terminal(long device)
    {
        long major = device >> 8 & 0xFFF, minor = (device & 0xFF) | (device >> 12 & 0xFFF00);
        return major switch
        {
            >= 136 and <= 143 => string.Create(CultureInfo.InvariantCulture, $"pts/{((major - 136) << 8) + minor}"),
            4 when minor < 64 => string.Create(CultureInfo.InvariantCulture, $"tty{minor}"),
            4 => string.Create(CultureInfo.InvariantCulture, $"ttyS{minor - 64}"),
            _ => "?",
        };
    }

    // Real, effective, saved, file system: ps shows the effective one.
    private static uint Id(List<string> status, string key) =>
        uint.Parse(status.Find(l => l.StartsWith(key, StringComparison.Ordinal))!.Split('\t')[2], CultureInfo.InvariantCulture);
}
