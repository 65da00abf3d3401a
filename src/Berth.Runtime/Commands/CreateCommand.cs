using System.Globalization;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Sockets;
using Berth.Oci.Runtime;
using Berth.Runtime.Init;

namespace Berth.Runtime.Commands;

/// <summary>`create`: everything up to the program; the first process then waits at the gate, and this process goes.</summary>
internal static class CreateCommand
{
    public static readonly string[] Options = ["b=bundle", "console-socket", "pid-file", "no-pivot!", "no-new-keyring!", "preserve-fds", "fail-step", "d=detach!", "keep!"];

    public static int Run(RuntimeContext context, IReadOnlyList<string> args)
    {
        CommandOptions options = CommandOptions.Parse(args, Options);
        using LaunchedProcess process = Create(context, options, out RuntimeSpec spec);
        if (spec.Process?.Terminal == true)
        {
            SendTerminal(options, process);
        }

        return 0;
    }

    /// <summary>Creates the container and records it.</summary>
    public static LaunchedProcess Create(RuntimeContext context, CommandOptions options, out RuntimeSpec spec)
    {
        string bundle = Path.GetFullPath(options.Value("bundle") ?? ".");
        spec = ContainerFolder.ReadSpec($"{bundle}/config.json");
        if (spec is { Process: { } given, Root.Path: { } root })
        {
            spec = spec with { Process = HomeFolder.Complete(given, Path.Combine(bundle, root)) };
        }

        var folder = new ContainerFolder(context, options.Id());
        if (spec.Process?.Terminal == true && options.Value("console-socket") is null)
        {
            throw new CommandException("cannot allocate tty if the runtime will detach without setting console socket (--console-socket)");
        }

        folder.Make();
        LaunchedProcess? process = null;
        try
        {
            folder.KeepSpec(bundle);
            using FileDescriptor gate = UnixSocket.Listen(folder.Gate, backlog: 1);
            _ = Libc.fcntl(gate.Number, Libc.F_SETFL, 0); // the child blocks in it
            process = ContainerLauncher.Start(spec, Resources(options, folder, bundle, gate));
            folder.Write(new ContainerRecord
            {
                Id = folder.Id,
                Bundle = bundle,
                Pid = process.Pid,
                PidStartTime = process.StartTime,
                Cgroup = process.Cgroup.Path,
                Created = DateTimeOffset.UtcNow,
            });
            WritePid(options, process.Pid);
            return process;
        }
        catch
        {
            process?.Cgroup.Remove(); // kills it
            folder.Remove();
            throw;
        }
    }

    public static void WritePid(CommandOptions options, int pid)
    {
        if (options.Value("pid-file") is { } file)
        {
            WholeFile.Replace(Path.GetFullPath(file), Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)), 0x1A4, durable: false);
        }
    }

    /// <summary>Hands the terminal's master to whoever listens at --console-socket.</summary>
    public static void SendTerminal(CommandOptions options, LaunchedProcess process)
    {
        using FileDescriptor socket = UnixSocket.Connect(options.Value("console-socket")!);
        DescriptorPassing.Send(socket, process.Terminal!, "/dev/pts/ptmx");
    }

    private static LaunchResources Resources(CommandOptions options, ContainerFolder folder, string bundle, FileDescriptor gate) => new()
    {
        Id = folder.Id,
        Bundle = bundle,
        Gate = gate,
        NoPivot = options.Has("no-pivot"),
        PreservedDescriptors = options.Number("preserve-fds"),
        FailStep = options.Value("fail-step") is null ? null : options.Number("fail-step"),
    };
}
