using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Cgroups;

/// <summary>A cgroup of the unified hierarchy.</summary>
internal sealed class CgroupV2(string path, CgroupHierarchy unified) : ICgroup
{
    private static readonly string[] Controllers = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids"];

    private readonly string _folder = unified.Folder(path);

    public string Path => path;

    public bool IsFrozen => CgroupUnified.IsFrozen(_folder);

    public void Make() => CgroupFolder.Make(unified.MountPoint, _folder, (parent, _) => Delegate(parent));

    public void Apply(CgroupResources resources)
    {
        new CgroupV2Limits(_folder).Apply(resources);
        if (resources.Devices is { } rules)
        {
            DeviceProgram.Attach(_folder, rules);
        }
    }

    public CgroupEntry OpenEntry() => new() { Folder = FileDescriptor.Open(_folder, Libc.O_PATH | Libc.O_DIRECTORY) };

    public IReadOnlyList<int> Processes()
    {
        var pids = new SortedSet<int>();
        CgroupFolder.Processes(_folder, pids);
        return [.. pids];
    }

    public void SetFrozen(bool frozen) => CgroupUnified.SetFrozen(_folder, frozen);

    public CgroupUsage Usage() => new()
    {
        OomKills = CgroupFolder.Counter($"{_folder}/memory.events", "oom_kill"),
        CpuMicroseconds = CgroupFolder.Counter($"{_folder}/cpu.stat", "usage_usec"),
        MemoryBytes = CgroupFolder.Counter($"{_folder}/memory.current", ""),
        Processes = CgroupFolder.Counter($"{_folder}/pids.current", ""),
    };

    public CgroupStatistics Statistics() => CgroupV2Statistics.Of(file => SmallFile.TryRead($"{_folder}/{file}"));

    public void Kill()
    {
        if (CgroupUnified.TryKill(_folder))
        {
            return;
        }

        SetFrozen(true);
        foreach (int pid in Processes())
        {
            _ = Libc.kill(pid, Libc.SIGKILL);
        }

        SetFrozen(false);
    }

    public void Remove() => CgroupRemoval.Remove(this, [_folder]);

    // One at a time: a controller that cannot be had here (EBUSY, EINVAL with realtime processes) must not keep the others away. Whether one
    // is missing shows when a limit is written.
    private static void Delegate(string parent)
    {
        string enabled = $" {SmallFile.Read($"{parent}/cgroup.subtree_control").Trim()} ", there = $" {SmallFile.Read($"{parent}/cgroup.controllers").Trim()} ";
        foreach (string controller in Controllers)
        {
            if (there.Contains($" {controller} ", StringComparison.Ordinal) && !enabled.Contains($" {controller} ", StringComparison.Ordinal))
            {
                try
                {
                    SmallFile.Write($"{parent}/cgroup.subtree_control", $"+{controller}");
                }
                catch (LinuxException e) when (e.Errno is Errno.EBUSY or Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOENT)
                {
                    continue;
                }
            }
        }
    }
}
