using System.Diagnostics;
using System.Globalization;

using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

/// <summary>The host's own driver on the real kernel.</summary>
public sealed class CgroupTests : IDisposable
{
    private readonly string _path = $"/berth-cgroup-test-{Guid.NewGuid():N}";
    private readonly ICgroupDriver _driver = CgroupHost.Detect();

    public void Dispose() => _driver.Open(_path).Remove();

    [Fact]
    public void LimitsAreWrittenAndEverythingGoes()
    {
        ICgroup cgroup = _driver.Create($"{_path}/a/b");
        cgroup.Apply(new CgroupResources
        {
            MemoryLimit = 64 << 20,
            MemorySwap = 128 << 20,
            PidsLimit = 50,
            CpuShares = 512,
            CpuQuota = 50000,
            CpuPeriod = 100000,
            Devices = [new CgroupDeviceRule(false, 'a', null, null, "rwm"), new CgroupDeviceRule(true, 'c', 1, 3, "rw")],
        });
        if (_driver.Version == 1)
        {
            Assert.Equal("67108864", Read("memory", "a/b/memory.limit_in_bytes"));
            Assert.Equal("134217728", Read("memory", "a/b/memory.memsw.limit_in_bytes"));
            Assert.Equal("50", Read("pids", "a/b/pids.max"));
            Assert.Equal("c 1:3 rw", Read("devices", "a/b/devices.list"));
        }

        cgroup.Apply(new CgroupResources { MemoryLimit = 256 << 20, MemorySwap = 512 << 20 }); // growing
        cgroup.Apply(new CgroupResources { MemoryLimit = 32 << 20, MemorySwap = 64 << 20 }); // shrinking
        _driver.Open(_path).Remove();
        foreach (CgroupHierarchy hierarchy in _driver.Hierarchies)
        {
            Assert.False(Directory.Exists(hierarchy.Folder(_path)), hierarchy.Folder(_path));
        }
    }

    [Fact]
    public void WhatIsCountedComesFromTheKernel()
    {
        ICgroup cgroup = _driver.Create(_path);
        cgroup.Apply(new CgroupResources { MemoryLimit = 64 << 20, PidsLimit = 50 });
        CgroupStatistics read = cgroup.Statistics();
        Assert.Equal((64UL << 20, 50UL, 0UL), (read.MemoryLimit, read.ProcessLimit, read.Processes));
        Assert.NotEmpty(read.MemoryParts!);
        cgroup.Remove();
        Assert.Equal((0UL, null), (cgroup.Statistics().Cpu, cgroup.Statistics().Memory));
    }

    [Fact]
    public void RemovingTwiceAndWhatNeverWasIsNoError()
    {
        _driver.Open($"{_path}/never").Remove();
        ICgroup cgroup = _driver.Create(_path);
        cgroup.Remove();
        cgroup.Remove();
        Assert.Empty(cgroup.Processes());
    }

    [Fact]
    public void ProcessesAreFrozenCountedKilledAndRemoved()
    {
        ICgroup cgroup = _driver.Create(_path);
        using Process sleeper = StartIn(cgroup, "sleep 1000 & sleep 1000", everywhere: true);
        Assert.True(SpinUntil(() => cgroup.Processes().Count == 3 || cgroup.Processes().Count == 2));
        Assert.Contains(sleeper.Id, cgroup.Processes());
        cgroup.SetFrozen(true);
        Assert.True(cgroup.IsFrozen);
        cgroup.SetFrozen(false);
        Assert.False(cgroup.IsFrozen);
        Assert.NotNull(cgroup.Usage().CpuMicroseconds);
        Assert.Equal(0, cgroup.Usage().OomKills);
        cgroup.SetFrozen(true);
        cgroup.Remove(); // kills frozen processes too
        sleeper.WaitForExit();
        Assert.Equal(128 + 9, sleeper.ExitCode);
    }

    [Fact]
    public void AProcessThatLeftTheUnifiedTreeIsKilledToo()
    {
        ICgroup cgroup = _driver.Create(_path);
        using Process sleeper = StartIn(cgroup, "exec sleep 1000", everywhere: _driver.Version == 2);
        Assert.True(SpinUntil(() => cgroup.Processes().Count == 1));
        cgroup.Remove();
        sleeper.WaitForExit();
        Assert.Equal(128 + 9, sleeper.ExitCode);
    }

    [Fact]
    public void AnUnknownControllerIsNamed()
    {
        if (_driver.Hierarchies.Any(h => h.Controllers.Contains("hugetlb")))
        {
            return;
        }

        ICgroup cgroup = _driver.Create(_path);
        LinuxException failure = Assert.Throws<LinuxException>(() => cgroup.Apply(new CgroupResources { Hugepages = [("2MB", 0)] }));
        Assert.Contains("hugetlb", failure.Message, StringComparison.Ordinal);
    }

    private static Process StartIn(ICgroup cgroup, string script, bool everywhere)
    {
        IEnumerable<CgroupHierarchy> all = CgroupHost.Hierarchies(File.ReadAllText("/proc/self/mountinfo"));
        string joins = string.Concat(all.Where(h => everywhere || !h.IsUnified).Select(h => $"echo $$ > {h.Folder(cgroup.Path)}/cgroup.procs; "));
        return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec >/dev/null 2>&1; {joins}{script}"]))!;
    }

    private static bool SpinUntil(Func<bool> condition) => SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20));

    private string Read(string controller, string file) =>
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"{_driver.Hierarchies.First(h => h.Controllers.Contains(controller)).Folder(_path)}/{file}")).Trim();
}
