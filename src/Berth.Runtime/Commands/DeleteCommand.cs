using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;
using Berth.Runtime.Init;

namespace Berth.Runtime.Commands;

/// <summary>`delete`: what is left of a stopped container; with --force, or while it is only created, its processes too.</summary>
internal static class DeleteCommand
{
    public static int Run(RuntimeContext context, IReadOnlyList<string> args)
    {
        CommandOptions options = CommandOptions.Parse(args, "f=force!");
        var folder = new ContainerFolder(context, options.Id());
        bool force = options.Has("force");
        if (folder.TryRead() is not { } record)
        {
            if (!force)
            {
                throw new CommandException($"container does not exist: {folder.Id}");
            }

            if (Directory.Exists(folder.Path))
            {
                folder.Remove(); // a create that was killed half way
            }

            return 0;
        }

        string status = ContainerFolder.Status(record);
        if (!force && status is "running" or "paused")
        {
            throw new CommandException($"cannot delete container {record.Id} that is not stopped: {status}");
        }

        Destroy(context, folder, record);
        return 0;
    }

    /// <summary>Ends and removes everything, then runs the poststop hooks.</summary>
    public static unsafe void Destroy(RuntimeContext context, ContainerFolder folder, ContainerRecord record)
    {
        ICgroup cgroup = ContainerFolder.CgroupOf(record);
        if (ContainerFolder.IsAlive(record))
        {
            using FileDescriptor process = PidFd.Open(record.Pid);
            cgroup.Kill();
            Libc.pollfd item = new() { fd = process.Number, events = Libc.POLLIN };
            _ = Libc.poll(&item, 1, -1);
        }

        RuntimeSpec spec = folder.ReadSpec();
        cgroup.Remove();
        folder.Remove();
        try
        {
            HookRunner.RunAll(spec.Hooks?.Poststop, "poststop", HookState.Of(spec, record.Id, record.Bundle, "stopped", 0), record.Bundle);
        }
        catch (LaunchException e)
        {
            context.Fail($"warning: {e.Message}");
        }
    }
}
