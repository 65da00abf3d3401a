using System.Globalization;
using System.Text.RegularExpressions;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Crash.Tests;

/// <summary>
/// What must hold whenever a daemon has started and nobody asks it for anything: a row for every file and a file for every row; no
/// mount, cgroup, link, rule or process without a running container.
/// </summary>
internal static class Invariants
{
    /// <summary>Waits until they hold: the start answers before the last sweeping is done.</summary>
    /// <param name="daemon">Running.</param>
    /// <param name="idleLinks">How many veth links there are with no container: those made ahead.</param>
    public static async Task HoldAsync(TestDaemon daemon, int idleLinks)
    {
        IReadOnlyList<string> broken = [];
        try
        {
            await Until.TrueAsync(async () => (broken = await BrokenAsync(daemon, idleLinks)).Count == 0, "invariants");
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"broken: {string.Join("; ", broken)}\n{daemon.Log}");
        }
    }

    private static readonly Regex BridgeName = new(@"\b(br-[0-9a-f]{12}|berth0)(?="")", RegexOptions.CultureInvariant);

    /// <summary>The veth links in the daemon's host.</summary>
    public static async Task<int> LinksAsync(TestDaemon daemon) =>
        (await daemon.Host.RunAsync("ip", "-o", "link", "show", "type", "veth")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    private static async Task<IReadOnlyList<string>> BrokenAsync(TestDaemon daemon, int idleLinks)
    {
        var broken = new List<string>();
        HashSet<string> containers = Rows.Of(daemon, "SELECT id FROM containers");
        HashSet<string> running = Rows.Of(daemon, "SELECT id FROM containers WHERE lower(phase) IN ('running', 'paused')");
        Compare(broken, "container folder", Entries(daemon, "containers"), containers);
        Compare(broken, "snapshot folder", Entries(daemon, "snapshots").Where(static s => s != "empty"), Rows.Of(daemon, "SELECT CAST(id AS TEXT) FROM snapshots"));
        Compare(broken, "volume folder", Entries(daemon, "volumes"), Rows.Of(daemon, "SELECT name FROM volumes"));
        Compare(broken, "blob", Entries(daemon, "content/blobs/sha256").Select(static b => $"sha256:{b}"), Rows.Of(daemon, "SELECT digest FROM blobs"));
        Compare(broken, "half-received blob", Entries(daemon, "content/ingest"), []);
        Compare(broken, "trash", Entries(daemon, "trash"), []);
        Compare(broken, "lease", Rows.Of(daemon, "SELECT id FROM leases WHERE lasting = 0"), []);
        Compare(broken, "snapshot of no container", Rows.Of(daemon, "SELECT key FROM snapshots WHERE key IS NOT NULL AND key NOT IN (SELECT id FROM containers)"), []);
        Compare(broken, "half-unpacked snapshot", Rows.Of(daemon, "SELECT CAST(id AS TEXT) FROM snapshots WHERE key IS NULL AND chain_id IS NULL"), []);
        Compare(broken, "unsettled container", Rows.Of(daemon, "SELECT id || ' ' || phase FROM containers WHERE lower(phase) NOT IN ('created', 'running', 'paused', 'exited')"), []);
        Compare(broken, "endpoint", Rows.Of(daemon, "SELECT container FROM endpoints"), running);
        Compare(broken, "run folder", Directory.EnumerateFileSystemEntries($"{daemon.RunRoot}/containers").Select(static p => Path.GetFileName(p)!), running);
        Compare(broken, "mount", CgroupSweep.Mounts(daemon.Folder), []);
        string name = daemon.CgroupParent[1..];
        Compare(broken, "cgroup", CgroupSweep.Cgroups(name).Select(static c => Path.GetFileName(c)!).Where(c => c != name && c != name + "-monitors").Distinct(), running);
        int processes = CgroupSweep.Processes(name, daemon.Folder).Count(p => p != daemon.Pid && IsMonitor(p));
        Equal(broken, "monitors", running.Count, processes);
        HashSet<string> endpoints = Rows.Of(daemon, "SELECT id FROM endpoints");
        Equal(broken, "links", idleLinks + endpoints.Count, await LinksAsync(daemon));
        HashSet<string> bridges = Rows.Of(daemon, "SELECT json_extract(document, '$.bridge') FROM networks WHERE json_extract(document, '$.bridge') IS NOT NULL");
        Compare(broken, "bridge", await BridgesAsync(daemon), bridges);
        string rules = (await daemon.Host.RunAsync("nft", "list", "ruleset")).Out;
        Compare(broken, "rules of bridge", BridgeName.Matches(rules).Select(static m => m.Value), bridges);
        return broken;
    }

    private static async Task<IEnumerable<string>> BridgesAsync(TestDaemon daemon) =>
        (await daemon.Host.RunAsync("ip", "-o", "link", "show", "type", "bridge")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => l.Split(':')[1].Trim());

    private static bool IsMonitor(int pid)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline");
        return File.Exists(path) && File.ReadAllText(path).Contains("monitor", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Entries(TestDaemon daemon, string folder)
    {
        string path = Path.Join(daemon.DataRoot, folder);
        return Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path).Select(static p => Path.GetFileName(p)!) : [];
    }

    private static void Compare(List<string> broken, string what, IEnumerable<string> found, IReadOnlyCollection<string> wanted)
    {
        var there = found.ToHashSet();
        broken.AddRange(there.Except(wanted).Select(extra => $"{what} {extra} without owner"));
        broken.AddRange(wanted.Except(there).Select(missing => $"{what} {missing} is missing"));
    }

    private static void Equal(List<string> broken, string what, int wanted, int found)
    {
        if (wanted != found)
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"{found} {what} instead of {wanted}"));
        }
    }
}
