using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Cgroups;

/// <summary>Waiting for cgroups to become empty, and removing them.</summary>
internal static unsafe class CgroupRemoval
{
    // A process that was killed goes when the kernel has run it once more; ten seconds cover a machine at its limits, then the caller hears of it.
    private const int PatienceMilliseconds = 10_000;

    public static void Remove(ICgroup cgroup, IReadOnlyList<string> folders)
    {
        long deadline = Environment.TickCount64 + PatienceMilliseconds;
        string[] left = [.. folders.SelectMany(CgroupFolder.Below)];
        while (true)
        {
            left = [.. left.Where(f => !CgroupFolder.TryRemove(f))];
            if (left.Length == 0)
            {
                return;
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new LinuxException("rmdir", $"{left[0]} (processes in it: {string.Join(' ', cgroup.Processes())})", Errno.EBUSY);
            }

            cgroup.Kill();
            AwaitEnd(cgroup.Processes());
            left = [.. left.SelectMany(CgroupFolder.Below).Distinct()];
        }
    }

    // By pidfd: readable when the process has ended. A process may be past that and still count for a moment, hence the short wait for none.
    private static void AwaitEnd(IReadOnlyList<int> pids)
    {
        if (pids.Count == 0)
        {
            _ = Libc.poll(null, 0, 1);
            return;
        }

        foreach (int pid in pids)
        {
            nint fd = Libc.pidfd_open(Libc.SYS_pidfd_open, pid, 0);
            if (fd >= 0)
            {
                using var process = new FileDescriptor((int)fd);
                Libc.pollfd item = new() { fd = process.Number, events = Libc.POLLIN };
                _ = Libc.poll(&item, 1, 1000);
            }
        }
    }
}
