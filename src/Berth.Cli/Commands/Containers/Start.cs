using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Streams;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth start.</summary>
internal static class Start
{
    public static Command Row { get; } = new("start", "[OPTIONS] CONTAINER [CONTAINER...]", "Start containers that do not run")
    {
        Flags = static () =>
        [
            Flag.Bool("attach", "Attach to its output and pass signals on", 'a'),
            Flag.Text("checkpoint", "Start from this checkpoint (not there yet)"),
            Flag.Text("checkpoint-dir", "Where checkpoints are (not there yet)"),
            Flag.Text("detach-keys", "Other keys to leave the container with than ctrl-p,ctrl-q"),
            Flag.Bool("interactive", "Attach to its input", 'i'),
        ],
        Words = ArgumentRule.AtLeast(1),
        Spellings = ["container start", "start"],
        Completes = Completes.Containers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        Arguments given = call.Arguments;
        if (given.Given("checkpoint") || given.Given("checkpoint-dir"))
        {
            throw new CliException("cannot start from a checkpoint: checkpoints are not there yet");
        }

        byte[] keys = Standard.DetachKeys(given.Text("detach-keys"));
        if (given.Is("attach") || given.Is("interactive"))
        {
            return call.Words.Count == 1
                ? Attached(call, call.Words[0], keys)
                : throw new CliException("you cannot start and attach multiple containers at once");
        }

        var failed = new List<string>();
        foreach (string name in call.Words)
        {
            if (call.Each([name], word => call.Api.Do("POST", $"/containers/{Query.Segment(word)}/start")) != 0)
            {
                failed.Add(name);
            }
        }

        return failed.Count == 0 ? 0 : throw new CliException($"Error: failed to start containers: {string.Join(", ", failed)}");
    }

    private static int Attached(Invocation call, string name, byte[] keys)
    {
        JsonObject container = Inspection.Container(call, name);
        string id = container.Text("Id");
        JsonObject config = container.Object("Config");
        bool tty = config.Is("Tty");
        bool input = call.Arguments.Is("interactive") && config.Is("OpenStdin");
        bool removed = container.Object("HostConfig").Is("AutoRemove");
        PendingCall attaching = call.Api.BeginHijack(new Query($"/containers/{id}/attach").Add("stream", "1").Flag("stdin", input).Add("stdout", "1").Add("stderr", "1")
            .Text("detachKeys", call.Arguments.Text("detach-keys")).ToString());
        PendingCall waiting = call.Api.BeginAside("POST", new Query($"/containers/{id}/wait").Add("condition", removed ? "removed" : "next-exit").ToString());
        using Hijacked streams = attaching.FinishHijack();
        using ApiResponse wait = waiting.Finish();
        PendingCall starting = call.Api.Begin("POST", $"/containers/{id}/start");
        var options = new PumpOptions(input, Output: true, Error: true, tty, keys, bytes => Standard.Show(call.Out, bytes));
        using var foreground = new Foreground(call.Session, "containers", id, options);
        foreground.Enter(proxy: !tty);
        starting.Finish().ReadAll();
        foreground.Resize();
        return foreground.Stream(streams) == PumpEnd.Detached ? 0 : Run.ExitCode(wait);
    }
}
