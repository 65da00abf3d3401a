using Berth.Linux;
using Berth.Runtime.Init;
using Berth.Runtime.Monitor;

namespace Berth.Runtime.Commands;

/// <summary>The command line of the OCI runtime, as runc's callers use it.</summary>
internal static class RuntimeProgram
{
    private const string Version = "0.1.0", SpecVersion = "1.2.0";

    private const string Usage = """
        usage: berth-runtime [--root DIR] [--log FILE] [--log-format text|json] COMMAND [OPTIONS] ID
          create start run state list kill delete exec ps pause resume update features
          plan BUNDLE      print the system calls that would set the container up
          monitor FOLDER   stay with one container (for berthd)
        """;

    /// <summary>Runs one command; its exit status.</summary>
    public static int Run(IReadOnlyList<string> args)
    {
        if (args is ["monitor", var folder])
        {
            return MonitorProgram.Run(folder); // nothing of the below: it starts with every container
        }

        var context = new RuntimeContext(RuntimeContext.DefaultRoot, null, false);
        try
        {
            CommandOptions options = CommandOptions.Parse(
                args, "root", "log", "log-format", "debug!", "systemd-cgroup!", "rootless", "criu", "v=version!", "h=help!");
            context = new RuntimeContext(options.Value("root") ?? RuntimeContext.DefaultRoot, options.Value("log"), options.Value("log-format") == "json");
            if (options.Has("version"))
            {
                Print.Line($"berth-runtime version {Version}\nspec: {SpecVersion}");
                return 0;
            }

            Refuse(options);
            return options.Arguments is [var command, ..] ? Command(context, command, [.. options.Arguments.Skip(1)]) : Help(options);
        }
        catch (Exception e) when (e is CommandException or LaunchException or LinuxException or IOException or UnauthorizedAccessException)
        {
            context.Fail(e.Message);
            return 1;
        }
    }

    private static int Command(RuntimeContext context, string command, IReadOnlyList<string> args)
    {
        if (command is "create" or "run" or "exec" or "start")
        {
            OwnBinary.Protect();
        }

        return command switch
        {
            "create" => CreateCommand.Run(context, args),
            "start" => StartCommand.Run(context, args),
            "run" => RunCommand.Run(context, args),
            "state" => StateCommand.Run(context, args),
            "list" => StateCommand.List(context, args),
            "kill" => KillCommand.Run(context, args),
            "delete" => DeleteCommand.Run(context, args),
            "exec" => ExecCommand.Run(context, args),
            "ps" => CgroupCommands.Ps(context, args),
            "pause" => CgroupCommands.Pause(context, args),
            "resume" => CgroupCommands.Resume(context, args),
            "update" => CgroupCommands.Update(context, args),
            "features" => FeaturesCommand.Run(),
            "plan" => PlanCommand.Run(args),
            "help" => Help(CommandOptions.Parse(args)),
            "checkpoint" or "restore" or "events" or "spec" => throw new CommandException($"the command \"{command}\" is not part of this runtime"),
            _ => throw new CommandException($"unknown command \"{command}\"\n{Usage}"),
        };
    }

    // Accepted where they change nothing here; refused by name where the caller relies on them.
    private static void Refuse(CommandOptions options)
    {
        if (options.Has("systemd-cgroup"))
        {
            throw new CommandException("--systemd-cgroup: this runtime has the cgroupfs driver alone (dockerd: native.cgroupdriver=cgroupfs, podman: --cgroup-manager cgroupfs)");
        }

        if (options.Value("rootless") is { } rootless && rootless is not ("auto" or "false"))
        {
            throw new CommandException("--rootless: this runtime runs as root");
        }
    }

    private static int Help(CommandOptions options)
    {
        Print.Line(Usage);
        return options.Has("help") || options.Arguments.Count > 0 ? 0 : 1;
    }
}
