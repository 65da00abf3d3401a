using System.Globalization;
using Berth.Testing.Processes;

namespace Berth.Testing.Daemons;

/// <summary>Ends everything that a test daemon left: processes, cgroups, mounts.</summary>
public static class CgroupSweep
{
    public static async Task RunAsync(string name, string folder)
    {
        // The processes of containers first: their monitors then end by themselves, and are awaited.
        await Until.TrueAsync(() => KillAll(name, folder), $"the processes of {name} end").ConfigureAwait(false);
        foreach (string cgroup in Cgroups(name).OrderByDescending(static c => c.Length))
        {
            Directory.Delete(cgroup);
        }

        foreach (string mount in Mounts(folder))
        {
            await Run.Async("umount", "-l", mount).ConfigureAwait(false);
        }
    }

    /// <summary>The cgroups whose path names the daemon, in every hierarchy, parents before children.</summary>
    public static IEnumerable<string> Cgroups(string name) =>
        Hierarchies().SelectMany(hierarchy => Directory.EnumerateDirectories(hierarchy).Where(d => Path.GetFileName(d).StartsWith(name, StringComparison.Ordinal)
            && (Path.GetFileName(d).Length == name.Length || !char.IsAsciiDigit(Path.GetFileName(d)[name.Length])))).SelectMany(static top => Tree(top)).ToArray();

    /// <summary>Processes of the daemon's containers and monitors.</summary>
    public static IEnumerable<int> Processes(string name, string folder)
    {
        var found = new HashSet<int>();
        foreach (string cgroup in Cgroups(name))
        {
            found.UnionWith(ReadLines(Path.Join(cgroup, "cgroup.procs")).Select(static l => int.Parse(l, CultureInfo.InvariantCulture)));
        }

        foreach (string process in Directory.EnumerateDirectories("/proc").Where(static p => char.IsAsciiDigit(Path.GetFileName(p)[0])))
        {
            if (string.Join(' ', ReadLines(Path.Join(process, "cmdline"))).Contains(folder + "/", StringComparison.Ordinal))
            {
                found.Add(int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture));
            }
        }

        found.Remove(Environment.ProcessId);
        return found;
    }

    public static IEnumerable<string> Mounts(string folder) => File.ReadAllLines("/proc/self/mountinfo")
        .Select(static l => l.Split(' ')[4]).Where(m => m.StartsWith(folder + "/", StringComparison.Ordinal)).Reverse().ToArray();

    private static bool KillAll(string name, string folder)
    {
        int[] processes = [.. Processes(name, folder)];
        foreach (int pid in processes)
        {
            try
            {
                using var process = System.Diagnostics.Process.GetProcessById(pid);
                process.Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                continue; // ended meanwhile
            }
        }

        return processes.Length == 0;
    }

    private static IEnumerable<string> Hierarchies() => File.ReadAllLines("/proc/self/mountinfo")
        .Where(static l => l.Contains(" - cgroup", StringComparison.Ordinal)).Select(static l => l.Split(' ')[4]).Distinct();

    private static IEnumerable<string> Tree(string top) => new[] { top }.Concat(Directory.EnumerateDirectories(top).SelectMany(Tree));

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it went away meanwhile
        }
    }
}
