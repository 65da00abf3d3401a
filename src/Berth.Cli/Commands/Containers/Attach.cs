using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Streams;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth attach.</summary>
internal static class Attach
{
    public static Command Row { get; } = new("attach", "[OPTIONS] CONTAINER", "Join the input and output of a running container")
    {
        Flags = static () =>
        [
            Flag.Text("detach-keys", "Other keys to leave the container with than ctrl-p,ctrl-q"),
            Flag.Bool("no-stdin", "Leave its input alone"),
            Flag.Bool("sig-proxy", "Pass the signals we get on to the process") with { Default = "true" },
        ],
        Words = ArgumentRule.Exactly(1),
        Spellings = ["container attach", "attach"],
        Completes = Completes.RunningContainers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        Arguments given = call.Arguments;
        byte[] keys = Standard.DetachKeys(given.Text("detach-keys"));
        JsonObject container = Inspection.Container(call, call.Words[0]);
        RequireRunning(container.Object("State"));
        JsonObject config = container.Object("Config");
        string id = container.Text("Id");
        bool tty = config.Is("Tty");
        bool input = !given.Is("no-stdin") && config.Is("OpenStdin");
        Standard.RequireTerminal(input && tty);
        PendingCall waiting = call.Api.BeginAside("POST", $"/containers/{id}/wait");
        using Hijacked streams = call.Api.BeginHijack(new Query($"/containers/{id}/attach").Add("stream", "1").Flag("stdin", input).Add("stdout", "1").Add("stderr", "1")
            .Text("detachKeys", given.Text("detach-keys")).ToString()).FinishHijack();
        var options = new PumpOptions(input, Output: true, Error: true, tty, keys, bytes => Standard.Show(call.Out, bytes));
        using var foreground = new Foreground(call.Session, "containers", id, options);
        foreground.Enter(given.Is("sig-proxy", true) && !tty);
        foreground.Repaint();
        return foreground.Stream(streams) == PumpEnd.Detached ? throw new CliException("read escape sequence") : Run.ExitCode(waiting.Finish());
    }

    private static void RequireRunning(JsonObject state)
    {
        string? why = !state.Is("Running") ? "You cannot attach to a stopped container, start it first"
            : state.Is("Paused") ? "You cannot attach to a paused container, unpause it first"
            : state.Is("Restarting") ? "You cannot attach to a restarting container, wait until it is running"
            : null;
        if (why is not null)
        {
            throw new CliException(why);
        }
    }
}
