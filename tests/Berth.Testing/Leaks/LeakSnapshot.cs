using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Testing.Leaks;

/// <summary>Everything of one daemon that the kernel and the disk hold. Taken before and after some work, the difference is what the work left.</summary>
public sealed class LeakSnapshot
{
    // Longer than the pool of network sandboxes takes to shrink.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(7);

    private readonly HashSet<string> _items;

    private LeakSnapshot(HashSet<string> items) => _items = items;

    /// <summary>The items, one line each: "mount …", "cgroup …", "link …", and so on.</summary>
    public IReadOnlySet<string> Items => _items;

    public static async Task<LeakSnapshot> TakeAsync(TestDaemon daemon)
    {
        string name = daemon.CgroupParent[1..];
        var items = new HashSet<string>();
        Add(items, "mount", CgroupSweep.Mounts(daemon.Folder));
        Add(items, "route", Numbered((await daemon.Host.RunAsync("ip", "-o", "route", "show", "table", "all").ConfigureAwait(false)).Text.Split('\n').Where(static l => !l.Contains("veth", StringComparison.Ordinal))));
        Add(items, "cgroup", CgroupSweep.Cgroups(name));
        Add(items, "process", CgroupSweep.Processes(name, daemon.Folder).Where(p => !daemon.IsRunning || p != daemon.Pid).Select(Describe));
        Add(items, "link", Numbered(Links((await daemon.Host.RunAsync("ip", "-o", "link").ConfigureAwait(false)).Text)));
        Add(items, "address", (await daemon.Host.RunAsync("ip", "-o", "-4", "addr").ConfigureAwait(false)).Text.Split('\n').Select(static l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(3))));
        Add(items, "rule", Numbered((await daemon.Host.RunAsync("nft", "list", "ruleset").ConfigureAwait(false)).Text.Split('\n')));
        Add(items, "file", Files(daemon.DataRoot).Concat(Files(daemon.RunRoot)));
        if (daemon.IsRunning)
        {
            Add(items, "descriptor", Descriptors(daemon.Pid));
            Add(items, "netns", Namespaces(daemon.Pid));
            Add(items, "mount of the daemon's", File.ReadLines($"/proc/{daemon.Pid}/mountinfo").Select(static l => l.Split(' ')[4]).Where(m => m.StartsWith(daemon.Folder + "/", StringComparison.Ordinal)));
            Add(items, "child", Numbered(Children(daemon.Pid)));
        }

        return new LeakSnapshot(items);
    }

    /// <summary>As <see cref="TakeAsync"/>, once nothing changes any more: what is made ahead is made, and what was made for a rush is gone.</summary>
    public static async Task<LeakSnapshot> AtRestAsync(TestDaemon daemon)
    {
        LeakSnapshot last = await TakeAsync(daemon).ConfigureAwait(false);
        long since = Stopwatch.GetTimestamp();
        await Until.TrueAsync(
            async () =>
            {
                LeakSnapshot now = await TakeAsync(daemon).ConfigureAwait(false);
                since = now._items.SetEquals(last._items) ? since : Stopwatch.GetTimestamp();
                last = now;
                return Stopwatch.GetElapsedTime(since) > Rest;
            },
            "the daemon comes to rest").ConfigureAwait(false);
        return last;
    }

    /// <summary>Waits until everything is as in this one.</summary>
    /// <exception cref="InvalidOperationException">Something stays; it is named.</exception>
    public async Task AssertSameAsync(TestDaemon daemon, string work)
    {
        IReadOnlyList<string> left = [];
        try
        {
            await Until.TrueAsync(async () => (left = Difference(await TakeAsync(daemon).ConfigureAwait(false))).Count == 0, work).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"left by {work}:\n{string.Join('\n', left)}");
        }
    }

    /// <summary>What <paramref name="after"/> has more or less, a line each, with + and -.</summary>
    public IReadOnlyList<string> Difference(LeakSnapshot after) =>
    [
        .. after._items.Except(_items).Order(StringComparer.Ordinal).Select(static i => $"+ {i}"),
        .. _items.Except(after._items).Order(StringComparer.Ordinal).Select(static i => $"- {i}"),
    ];

    private static void Add(HashSet<string> items, string kind, IEnumerable<string> found) => items.UnionWith(found.Select(item => $"{kind} {item}"));

    // Links made ahead have names of their own each: how many there are is what counts.
    private static IEnumerable<string> Links(string text) => text.Split('\n').Select(static l => l.Split(':', '@')[1].Trim())
        .Select(static name => name.StartsWith("veth", StringComparison.Ordinal) ? "veth" : name);

    // Equal lines count: a rule that is there twice is one too many.
    private static IEnumerable<string> Numbered(IEnumerable<string> lines) =>
        lines.GroupBy(static l => l.Trim()).SelectMany(static g => g.Select((l, i) => $"{l.Trim()} ({i + 1})"));

    private static IEnumerable<string> Files(string root) =>
        Directory.Exists(root) ? Directory.EnumerateFileSystemEntries(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }) : [];

    // Numbers change with each opening; what they point to is compared, with how many of each kind.
    private static IEnumerable<string> Descriptors(int pid) =>
        Numbered(Directory.EnumerateFiles($"/proc/{pid}/fd").Select(Target).Where(static t => t.Length > 0 && !t.EndsWith(".dll", StringComparison.Ordinal)))
            .Where(static item => !KeptConnections.IsMatch(item));

    // The writer's connection and the four at most that readers share (BerthDatabase): how many of them there are depends on how many read at
    // once so far. A sixth would be a leak.
    private static readonly Regex KeptConnections = new(@"/berth\.db(-wal|-shm)? \([1-5]\)$", RegexOptions.CultureInvariant);

    private static string Target(string descriptor)
    {
        try
        {
            string target = new FileInfo(descriptor).LinkTarget ?? "";
            int colon = target.IndexOf(":[", StringComparison.Ordinal);
            return colon > 0 ? target[..colon] : target;
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static IEnumerable<string> Namespaces(int pid) => Directory.EnumerateFiles($"/proc/{pid}/fd")
        .Select(static f => { try { return new FileInfo(f).LinkTarget ?? ""; } catch (IOException) { return ""; } })
        .Where(static t => t.StartsWith("net:[", StringComparison.Ordinal)).Select(static (_, i) => i.ToString(CultureInfo.InvariantCulture));

    // Also those that ended and were not waited for: they have no command line and no cgroup.
    private static IEnumerable<string> Children(int pid) => Directory.EnumerateDirectories($"/proc/{pid}/task")
        .SelectMany(static t => { try { return File.ReadAllText($"{t}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries); } catch (IOException) { return []; } })
        .Select(static child => { try { return File.ReadAllText($"/proc/{child}/comm").Trim(); } catch (IOException) { return ""; } })
        .Where(static name => name.Length > 0);

    private static string Describe(int pid)
    {
        string path = $"/proc/{pid}/cmdline";
        return File.Exists(path) ? File.ReadAllText(path).Replace('\0', ' ') : "";
    }
}
