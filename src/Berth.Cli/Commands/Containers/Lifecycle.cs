using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Containers;

/// <summary>The commands that do one thing to each container named: stop, restart, kill, pause, unpause, rm, wait; and rename.</summary>
internal static class Lifecycle
{
    public static Command Stop { get; } = Each("stop", "Stop containers: ask first, then kill", StopFlags,
        static (call, name) => call.Api.Do("POST", Stopping(call, $"/containers/{Query.Segment(name)}/stop")));

    public static Command Restart { get; } = Each("restart", "Stop containers and start them again", StopFlags,
        static (call, name) => call.Api.Do("POST", Stopping(call, $"/containers/{Query.Segment(name)}/restart")), Completes.Containers);

    public static Command Kill { get; } = Each("kill", "Kill containers at once", static () => [Flag.Text("signal", "Signal to send", 's')],
        static (call, name) => call.Api.Do("POST", new Query($"/containers/{Query.Segment(name)}/kill").Text("signal", call.Arguments.Text("signal")).ToString()));

    public static Command Pause { get; } = Each("pause", "Freeze all processes of containers", static () => [],
        static (call, name) => call.Api.Do("POST", $"/containers/{Query.Segment(name)}/pause"));

    public static Command Unpause { get; } = Each("unpause", "Let frozen containers go on", static () => [],
        static (call, name) => call.Api.Do("POST", $"/containers/{Query.Segment(name)}/unpause"));

    public static Command Wait { get; } = new("wait", "CONTAINER [CONTAINER...]", "Wait for containers to stop and print their exit codes")
    {
        Words = ArgumentRule.AtLeast(1),
        Spellings = ["container wait", "wait"],
        Completes = Completes.RunningContainers,
        Run = static call => call.Each(call.Words, name => call.Out.Line(WaitFor(call, name)), print: false),
    };

    public static Command Remove { get; } = new("rm", "[OPTIONS] CONTAINER [CONTAINER...]", "Remove containers")
    {
        Aliases = ["remove"],
        Flags = static () =>
        [
            Flag.Bool("force", "Remove running ones too: they are killed", 'f'),
            Flag.Bool("link", "Remove the link of that name", 'l'),
            Flag.Bool("volumes", "Remove their anonymous volumes", 'v'),
        ],
        Words = ArgumentRule.AtLeast(1),
        Spellings = ["container rm", "container remove", "rm"],
        Completes = Completes.Containers,
        Run = static call => call.Each(call.Words, name => RemoveOne(call, name), print: false),
    };

    public static Command Rename { get; } = new("rename", "CONTAINER NEW_NAME", "Rename a container")
    {
        Words = ArgumentRule.Exactly(2),
        Spellings = ["container rename", "rename"],
        Completes = Completes.Containers,
        Run = static call =>
        {
            (string old, string wanted) = (call.Words[0].Trim(), call.Words[1].Trim());
            if (old.Length == 0 || wanted.Length == 0)
            {
                throw new CliException("Error: Neither old nor new names may be empty");
            }

            try
            {
                call.Api.Do("POST", new Query($"/containers/{Query.Segment(old)}/rename").Add("name", wanted).ToString());
            }
            catch (ApiException e)
            {
                throw WrongKind.Explain(call, old, e);
            }

            return 0;
        },
    };

    private static Command Each(string name, string summary, Func<Flag[]> flags, Action<Invocation, string> act, Completes completes = Completes.RunningContainers) =>
        new(name, flags().Length > 0 ? "[OPTIONS] CONTAINER [CONTAINER...]" : "CONTAINER [CONTAINER...]", summary)
        {
            Flags = flags,
            Words = ArgumentRule.AtLeast(1),
            Spellings = [$"container {name}", name],
            Completes = completes,
            Run = call => call.Each(call.Words, word => act(call, word)),
        };

    private static Flag[] StopFlags() =>
    [
        Flag.Text("signal", "Signal to send", 's'),
        Flag.Int("timeout", "Seconds to wait for it to stop before it is killed", 't'),
        Flag.Int("time", "") with { Hidden = true, SameAs = "timeout" },
    ];

    private static string Stopping(Invocation call, string path) => new Query(path).Text("signal", call.Arguments.Text("signal"))
        .Text("t", call.Arguments.Given("timeout") ? call.Arguments.Int("timeout").ToString(CultureInfo.InvariantCulture) : "").ToString();

    private static string WaitFor(Invocation call, string name)
    {
        JsonObject answer = call.Api.Object("POST", $"/containers/{Query.Segment(name)}/wait");
        return answer.Int("StatusCode").ToString(CultureInfo.InvariantCulture);
    }

    private static void RemoveOne(Invocation call, string given)
    {
        string name = given.Trim('/');
        if (name.Length == 0)
        {
            throw new CliException("container name cannot be empty");
        }

        bool force = call.Arguments.Is("force");
        try
        {
            call.Api.Do("DELETE", new Query($"/containers/{Query.Segment(name)}").Flag("v", call.Arguments.Is("volumes"))
                .Flag("link", call.Arguments.Is("link")).Flag("force", force).ToString());
            call.Out.Line(given);
        }
        catch (ApiException e) when (force && e.Status == 404)
        {
            // What is not there needs no removing: scripts say "rm -f" before "run --name".
            call.Out.Flush();
            call.Err.Line(e.Message);
        }
    }
}
