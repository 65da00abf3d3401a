using System.Globalization;
using System.Text.Json;

using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;
using Berth.Runtime.Init;

namespace Berth.Runtime.Commands;

/// <summary>`exec`: one more program in a container, from a process file or from options over the container's own process.</summary>
internal static class ExecCommand
{
    public static int Run(RuntimeContext context, IReadOnlyList<string> args)
    {
        CommandOptions options = CommandOptions.Parse(
            args, "p=process", "t=tty!", "d=detach!", "cwd", "e=env", "u=user", "g=additional-gids", "console-socket", "pid-file", "preserve-fds",
            "c=cap", "no-new-privs!", "apparmor", "process-label", "cgroup", "ignore-paused!");
        var folder = new ContainerFolder(context, options.Id());
        ContainerRecord record = folder.Read();
        if (!ContainerFolder.IsAlive(record))
        {
            throw new CommandException("cannot exec in a stopped container");
        }

        RuntimeSpec spec = folder.ReadSpec();
        Process process = ProcessOf(options, spec);
        if (process.Terminal && options.Value("console-socket") is null)
        {
            throw new CommandException("a terminal needs --console-socket, where its master is sent to");
        }

        using var foreground = options.Has("detach") ? null : new ForegroundSignals();
        using FileDescriptor first = PidFd.Open(record.Pid);
        var target = new ExecTarget
        {
            Spec = spec,
            Pid = record.Pid,
            PidFd = first,
            Cgroup = ContainerFolder.CgroupOf(record),
            PreservedDescriptors = options.Number("preserve-fds"),
        };
        using LaunchedProcess launched = ContainerLauncher.Exec(HomeFolder.Complete(process, $"/proc/{record.Pid}/root"), target, null);
        CreateCommand.WritePid(options, launched.Pid);
        if (process.Terminal)
        {
            CreateCommand.SendTerminal(options, launched);
        }

        return foreground?.Follow(launched.PidFd) ?? 0;
    }

    private static Process ProcessOf(CommandOptions options, RuntimeSpec spec)
    {
        if (options.Value("cgroup") is not null)
        {
            throw new CommandException("--cgroup: this runtime runs execs in the container's own cgroup");
        }

        if (options.Value("process") is { } file)
        {
            try
            {
                Process given = RuntimeReader.Process(SmallFile.ReadBytes(file, 16 << 20));
                return given with { Terminal = given.Terminal || options.Has("tty"), Capabilities = given.Capabilities ?? spec.Process?.Capabilities };
            }
            catch (JsonException e)
            {
                throw new CommandException($"{file} is malformed: {e.Message}");
            }
        }

        Process own = spec.Process ?? new Process();
        string[] caps = [.. options.Values("cap")];
        return own with
        {
            Args = options.Arguments.Count > 1 ? [.. options.Arguments.Skip(1)] : throw new CommandException("process args cannot be empty"),
            Terminal = options.Has("tty"),
            Cwd = options.Value("cwd") ?? own.Cwd,
            Env = [.. own.Env ?? [], .. options.Values("env")],
            User = UserOf(options, own.User ?? new User()),
            NoNewPrivileges = own.NoNewPrivileges || options.Has("no-new-privs"),
            ApparmorProfile = options.Value("apparmor") ?? own.ApparmorProfile,
            SelinuxLabel = options.Value("process-label") ?? own.SelinuxLabel,
            Capabilities = caps.Length == 0 ? own.Capabilities : With(own.Capabilities ?? new CapabilitySets(), caps),
        };
    }

    private static CapabilitySets With(CapabilitySets sets, string[] more) => sets with
    {
        Bounding = [.. sets.Bounding ?? [], .. more],
        Effective = [.. sets.Effective ?? [], .. more],
        Permitted = [.. sets.Permitted ?? [], .. more],
    };

    private static User UserOf(CommandOptions options, User own)
    {
        if (options.Value("user") is { } text)
        {
            string[] parts = text.Split(':');
            own = own with { Uid = Id(parts[0]), Gid = parts.Length > 1 ? Id(parts[1]) : own.Gid };
        }

        uint[] gids = [.. options.Values("additional-gids").Select(Id)];
        return gids.Length == 0 ? own : own with { AdditionalGids = [.. own.AdditionalGids ?? [], .. gids] };
    }

    private static uint Id(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id)
        ? id : throw new CommandException($"\"{text}\" is no numeric user or group id");
}
