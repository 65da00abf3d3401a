using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Cgroups;

/// <summary>What the v2 tree does without any controller: it kills, freezes and tells about both. Also on hybrid hosts.</summary>
internal static unsafe class CgroupUnified
{
    /// <summary>Milliseconds: a process that hangs in the kernel (state D) freezes late or never. runc waits as long.</summary>
    public const int FreezePatience = 10_000;

    /// <summary>Kills all below, also what is being forked. False where the kernel is older than 5.14.</summary>
    public static bool TryKill(string folder)
    {
        try
        {
            SmallFile.Write($"{folder}/cgroup.kill", "1");
            return true;
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.EACCES)
        {
            return !Directory.Exists(folder); // gone is dead
        }
    }

    /// <summary>Freezes or thaws, and waits until the kernel says that it is done.</summary>
    /// <exception cref="LinuxException">ENOENT: the cgroup is gone. ETIMEDOUT: a process in it does not freeze; what was frozen runs again.</exception>
    public static void SetFrozen(string folder, bool frozen)
    {
        using FileDescriptor events = FileDescriptor.Open($"{folder}/cgroup.events", Libc.O_RDONLY);
        SmallFile.Write($"{folder}/cgroup.freeze", frozen ? "1" : "0");
        long deadline = Environment.TickCount64 + FreezePatience;
        while (IsFrozen(folder) != frozen)
        {
            // A cgroup that is removed meanwhile makes every poll return at once.
            if (!Directory.Exists(folder))
            {
                throw new LinuxException("freeze", folder, Errno.ENOENT);
            }

            if (Environment.TickCount64 > deadline)
            {
                SmallFile.Write($"{folder}/cgroup.freeze", "0");
                throw new LinuxException("freeze", folder, Errno.ETIMEDOUT);
            }

            // The file turns POLLPRI at each change (Documentation/admin-guide/cgroup-v2.rst). The time limit covers a change before the poll.
            Libc.pollfd item = new() { fd = events.Number, events = Libc.POLLPRI };
            _ = Libc.poll(&item, 1, 50);
        }
    }

    public static bool IsFrozen(string folder) => CgroupFolder.Counter($"{folder}/cgroup.events", "frozen") == 1;
}
