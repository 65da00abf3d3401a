using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Specs;
using Berth.Cli.Streams;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth exec. Three requests: create, start, and the exit code.</summary>
internal static class Exec
{
    public static Command Row { get; } = new("exec", "[OPTIONS] CONTAINER COMMAND [ARG...]", "Run a command in a container that is running")
    {
        Flags = static () =>
        [
            Flag.Bool("detach", "Leave the command in the background", 'd'),
            Flag.Text("detach-keys", "Other keys to leave the command with than ctrl-p,ctrl-q"),
            Flag.List("env", "Set environment variables", 'e', KeyValue.CheckEnvironment),
            Flag.List("env-file", "Read environment variables from a file"),
            Flag.Bool("interactive", "Keep standard input open", 'i'),
            Flag.Bool("privileged", "Give the command extended privileges"),
            Flag.Bool("tty", "Give it a terminal", 't'),
            Flag.Text("user", "User name or UID, and group (format: \"<name|uid>[:<group|gid>]\")", 'u'),
            Flag.Text("workdir", "Folder to start in, inside the container", 'w'),
        ],
        Words = ArgumentRule.AtLeast(2),
        StopsAtFirstWord = true,
        Group = CommandGroup.Common,
        Spellings = ["container exec", "exec"],
        Completes = Completes.RunningContainers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        Arguments given = call.Arguments;
        string container = call.Words[0];
        byte[] keys = Standard.DetachKeys(given.Text("detach-keys"));
        bool detached = given.Is("detach"), tty = given.Is("tty"), input = !detached && given.Is("interactive");
        if (tty && input && !Terminal.Is(0))
        {
            // That the container is not there is the better news, so that is looked at first.
            _ = Inspection.Container(call, container);
            Standard.RequireTerminal(true);
        }

        string id = Create(call, container, detached, tty, input);
        string start = new JsonBuilder().Is("Detach", detached).Is("Tty", tty).Close();
        if (detached)
        {
            call.Api.Do("POST", $"/exec/{id}/start", start);
            return 0;
        }

        using Hijacked streams = call.Api.BeginHijack($"/exec/{id}/start", start).FinishHijack();
        var options = new PumpOptions(input, Output: true, Error: true, tty, keys, bytes => Standard.Show(call.Out, bytes));
        using var foreground = new Foreground(call.Session, "exec", id, options);
        foreground.Enter(proxy: false);
        foreground.Resize();
        if (foreground.Stream(streams) == PumpEnd.Detached)
        {
            throw new CliException("read escape sequence");
        }

        return (int)call.Api.Get($"/exec/{id}/json").Int("ExitCode");
    }

    private static string Create(Invocation call, string container, bool detached, bool tty, bool input)
    {
        Arguments given = call.Arguments;
        var json = new JsonBuilder();
        json.Text("User", Given(given, "user")).Is("Privileged", given.Is("privileged") ? true : null).Is("Tty", tty)
            .Is("AttachStdin", input).Is("AttachStdout", !detached).Is("AttachStderr", !detached)
            .Text("DetachKeys", Given(given, "detach-keys")).List("Env", Environment(given)).Text("WorkingDir", Given(given, "workdir")).List("Cmd", call.Words.Skip(1));
        if (tty && Terminal.Size(1) is TerminalSize size)
        {
            json.Ints("ConsoleSize", [size.Rows, size.Columns]);
        }

        try
        {
            return call.Api.Object("POST", $"/containers/{Query.Segment(container)}/exec", json.Close()).Text("Id");
        }
        catch (ApiException e)
        {
            throw WrongKind.Explain(call, container, e);
        }
    }

    private static List<string>? Environment(Arguments given)
    {
        try
        {
            List<string> pairs = given.All("env-file").SelectMany(file => KeyValue.ReadFile(file, System.Environment.GetEnvironmentVariable)).Concat(given.All("env")).ToList();
            return pairs.Count > 0 ? pairs : null;
        }
        catch (SpecException e)
        {
            throw new CliException(e.Message);
        }
    }

    private static string? Given(Arguments given, string flag) => given.Text(flag) is { Length: > 0 } text ? text : null;
}
