using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;

namespace Berth.Runtime.Commands;

/// <summary>`kill ID [SIGNAL]`; with --all, every process of the container's cgroup.</summary>
internal static class KillCommand
{
    public static int Run(RuntimeContext context, IReadOnlyList<string> args)
    {
        // runc takes --all on either side of the id.
        CommandOptions options = CommandOptions.Parse([.. args.Where(IsAll), .. args.Where(a => !IsAll(a))], "a=all!");
        ContainerRecord record = new ContainerFolder(context, options.Id()).Read();
        string name = options.Arguments.Count > 1 ? options.Arguments[1] : "TERM";
        int signal = SignalName.Parse(name) ?? throw new CommandException($"unknown signal \"{name}\"");
        if (options.Has("all"))
        {
            KillAll(ContainerFolder.CgroupOf(record), signal);
            return 0;
        }

        if (!ContainerFolder.IsAlive(record))
        {
            throw new CommandException("container not running"); // runc's words, which callers compare
        }

        using FileDescriptor process = PidFd.Open(record.Pid);
        if (!ContainerFolder.IsAlive(record))
        {
            throw new CommandException("container not running"); // the number was taken by another between look and open
        }

        PidFd.Signal(process, signal);
        if (signal == Libc.SIGKILL && ContainerFolder.CgroupOf(record) is { IsFrozen: true } cgroup)
        {
            cgroup.SetFrozen(false); // a frozen process of v1 dies only when it thaws
        }

        return 0;
    }

    private static bool IsAll(string word) => word is "-a" or "--all";

    private static void KillAll(ICgroup cgroup, int signal)
    {
        if (signal == Libc.SIGKILL)
        {
            cgroup.Kill();
            return;
        }

        foreach (int pid in cgroup.Processes())
        {
            if (Libc.kill(pid, signal) < 0 && LinuxException.Last("kill", $"process {pid}") is { Errno: not Errno.ESRCH } failure)
            {
                throw failure;
            }
        }
    }
}
