using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Oci.Runtime;
using Berth.Runtime.Init;
using Berth.Runtime.Planning;

namespace Berth.Runtime.Commands;

/// <summary>`start`: opens the gate and follows the first process into its program.</summary>
internal static class StartCommand
{
    public static int Run(RuntimeContext context, IReadOnlyList<string> args)
    {
        Start(context, new ContainerFolder(context, CommandOptions.Parse(args).Id()));
        return 0;
    }

    public static void Start(RuntimeContext context, ContainerFolder folder)
    {
        ContainerRecord record = folder.Read();
        string status = ContainerFolder.Status(record);
        if (status != "created")
        {
            throw new CommandException($"cannot start a container that is {status}");
        }

        RuntimeSpec spec = folder.ReadSpec();
        using FileDescriptor process = PidFd.Open(record.Pid);
        HookRunner.RunAllInside(spec.Hooks?.StartContainer, "startContainer", HookState.Of(spec, record.Id, record.Bundle, "created", record.Pid), spec, process);
        OpenGate(folder, spec);
        folder.Write(record with { Started = true });
        WholeFile.Remove(folder.Gate);
        try
        {
            HookRunner.RunAll(spec.Hooks?.Poststart, "poststart", HookState.Of(spec, record.Id, record.Bundle, "running", record.Pid), record.Bundle);
        }
        catch (LaunchException e)
        {
            context.Fail($"warning: {e.Message}"); // the container runs: the specification has it go on
        }
    }

    // What the child says after the gate: that it runs its program, or why execve refused; nothing else is left that could fail.
    private static void OpenGate(ContainerFolder folder, RuntimeSpec spec)
    {
        using FileDescriptor report = Connect(folder.Gate);
        bool running = false;
        while (Child.TryRead(report) is { } message)
        {
            if (message < 0)
            {
                running |= message == Report.Running;
                continue;
            }

            int errno = (int)(uint)message;
            string program = spec.Process?.Args is { Count: > 0 } args ? args[0] : "";
            throw new CommandException(errno == Errno.ENOENT
                ? $"exec {program}: no such file or directory: the file is there, but the interpreter it names (in its first line, or its ELF loader) is not"
                : $"exec {program}: {Errno.Describe(errno)}");
        }

        if (!running)
        {
            throw Ended();
        }
    }

    private static FileDescriptor Connect(string gate)
    {
        try
        {
            return UnixSocket.Connect(gate);
        }
        catch (LinuxException e) when (e.Errno == Errno.ECONNREFUSED)
        {
            throw Ended(); // nobody listens any more: it ended after its state was read
        }
    }

    private static CommandException Ended() => new("the container's first process ended before it ran its program");
}
