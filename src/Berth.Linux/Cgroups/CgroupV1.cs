using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Cgroups;

/// <summary>A cgroup in all v1 hierarchies and, on hybrid hosts, in the v2 tree.</summary>
internal sealed class CgroupV1(string path, IReadOnlyList<CgroupHierarchy> hierarchies, CgroupHierarchy? unified) : ICgroup
{
    public string Path => path;

    public bool IsFrozen => unified is not null
        ? CgroupUnified.IsFrozen(unified.Folder(path))
        : TryFolder("freezer") is { } folder && SmallFile.TryRead($"{folder}/freezer.state")?.Trim() == "FROZEN";

    public void Make()
    {
        foreach (CgroupHierarchy hierarchy in hierarchies)
        {
            CgroupFolder.Make(hierarchy.MountPoint, hierarchy.Folder(path), hierarchy.Controllers.Contains("cpuset") ? Inherit : null);
        }

        if (unified is not null)
        {
            CgroupFolder.Make(unified.MountPoint, unified.Folder(path));
        }
    }

    public void Apply(CgroupResources resources) => new CgroupV1Limits(TryFolder).Apply(resources);

    public CgroupEntry OpenEntry() => new()
    {
        Folder = unified is null ? null : FileDescriptor.Open(unified.Folder(path), Libc.O_PATH | Libc.O_DIRECTORY),
        Tasks = [.. hierarchies.Select(h => (h.Name, FileDescriptor.Open($"{h.Folder(path)}/tasks", Libc.O_WRONLY)))],
    };

    public IReadOnlyList<int> Processes()
    {
        var pids = new SortedSet<int>();
        CgroupFolder.Processes(Main.Folder(path), pids);
        if (unified is not null)
        {
            CgroupFolder.Processes(unified.Folder(path), pids);
        }

        return [.. pids];
    }

    public unsafe void SetFrozen(bool frozen)
    {
        if (unified is not null)
        {
            CgroupUnified.SetFrozen(unified.Folder(path), frozen);
            return;
        }

        string folder = TryFolder("freezer") ?? throw new LinuxException("freeze", path, Errno.EOPNOTSUPP);
        string wanted = frozen ? "FROZEN" : "THAWED";

        // Written again until it is so: a fork can leave it FREEZING for ever (Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst),
        // and v1 has nothing to wait on.
        long deadline = Environment.TickCount64 + CgroupUnified.FreezePatience;
        SmallFile.Write($"{folder}/freezer.state", wanted);
        while (SmallFile.Read($"{folder}/freezer.state").Trim() != wanted)
        {
            if (Environment.TickCount64 > deadline)
            {
                SmallFile.Write($"{folder}/freezer.state", "THAWED");
                throw new LinuxException("freeze", path, Errno.ETIMEDOUT);
            }

            _ = Libc.poll(null, 0, 1);
            SmallFile.Write($"{folder}/freezer.state", wanted);
        }
    }

    public CgroupUsage Usage() => new()
    {
        OomKills = Counter("memory", "memory.oom_control", "oom_kill"),
        CpuMicroseconds = Counter("cpuacct", "cpuacct.usage", "") / 1000,
        MemoryBytes = Counter("memory", "memory.usage_in_bytes", ""),
        Processes = Counter("pids", "pids.current", ""),
    };

    public CgroupStatistics Statistics() => CgroupV1Statistics.Of((controller, file) => TryFolder(controller) is { } folder ? SmallFile.TryRead($"{folder}/{file}") : null);

    public void Kill()
    {
        // What is in the v1 hierarchies alone (somebody else moved it) is found below.
        if (unified is not null && CgroupUnified.TryKill(unified.Folder(path)) && Processes() is var left)
        {
            KillEach(left);
            return;
        }

        // Frozen, nothing can fork away between the reading of the list and the kill.
        SetFrozen(true);
        KillEach(Processes());
        SetFrozen(false);
    }

    public void Remove() => CgroupRemoval.Remove(this, [.. hierarchies.Select(h => h.Folder(path)), .. unified is null ? [] : new[] { unified.Folder(path) }]);

    // A cpuset without processors and memory nodes takes no process.
    private static void Inherit(string parent, string folder)
    {
        foreach (string file in (string[])["cpuset.cpus", "cpuset.mems"])
        {
            if (string.IsNullOrWhiteSpace(SmallFile.Read($"{folder}/{file}")))
            {
                SmallFile.Write($"{folder}/{file}", SmallFile.Read($"{parent}/{file}").Trim());
            }
        }
    }

    /// <summary>The hierarchy to find processes in: a controller's, since a named one may be left by them.</summary>
    private CgroupHierarchy Main => hierarchies.FirstOrDefault(h => h.Controllers.Contains("pids")) ?? hierarchies[0];

    private static void KillEach(IReadOnlyList<int> pids)
    {
        foreach (int pid in pids)
        {
            _ = Libc.kill(pid, Libc.SIGKILL);
        }
    }

    private string? TryFolder(string controller) => hierarchies.FirstOrDefault(h => h.Controllers.Contains(controller))?.Folder(path);

    private long? Counter(string controller, string file, string key) => TryFolder(controller) is { } folder ? CgroupFolder.Counter($"{folder}/{file}", key) : null;
}
