using Berth.Cli.CommandLine;
using Berth.Cli.Commands.Containers.Usage;
using Berth.Cli.Http;
using Berth.Cli.Tables;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth stats.</summary>
internal static class Stats
{
    // Twice as often as samples come, so that each is shown soon.
    private const int Redraw = 500;

    // ECMA-48: the cursor to the upper left corner; erase to the end of the line; erase to the end of the screen.
    private const string Home = "\u001b[H";
    private const string EraseLine = "\u001b[K";
    private const string EraseBelow = "\u001b[J";

    public static Command Row { get; } = new("stats", "[OPTIONS] [CONTAINER...]", "Show what containers use, live")
    {
        Flags = static () =>
        [
            Flag.Bool("all", "Show all containers, not just running ones", 'a'),
            Flag.Format(FormatHelp.Table),
            Flag.Bool("no-stream", "Show the first figures alone"),
            Flag.Bool("no-trunc", "Cut nothing"),
        ],
        Words = ArgumentRule.Any,
        Spellings = ["container stats", "stats"],
        Completes = Completes.RunningContainers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        bool stream = !call.Arguments.Is("no-stream");
        var watch = new StatsWatch(call.Api, stream);
        if (call.Words.Count == 0)
        {
            watch.Follow(call.Arguments.Is("all"));
            watch.Settle();
        }
        else
        {
            call.Words.ForEach(watch.Add);
            watch.Settle();
            if (Complaints(call, watch) is { Count: > 0 } complaints)
            {
                throw new CliException(string.Join('\n', complaints));
            }
        }

        if (!stream)
        {
            call.Out.Write(Show(call, watch));
            return 0;
        }

        while (true)
        {
            watch.Pause(Redraw);
            if (watch.HasEnded)
            {
                return 0; // the daemon was stopped: what there was to see has been seen
            }

            call.Out.Write(call.Out.IsTerminal ? Screen(Show(call, watch)) : Show(call, watch));
            call.Out.Flush();
        }
    }

    /// <summary>A text over what a terminal shows, without the flicker of clearing it first.</summary>
    internal static string Screen(string text) => Home + string.Concat(text.Split('\n').Select(line => $"{line} {EraseLine}\n")) + EraseBelow;

    private static string Show(Invocation call, StatsWatch watch) => Listing.Show(
        StatsRows.Kind(call.Arguments.Is("no-trunc")), watch.Feeds.Select(f => f.Entry), call.Arguments.Text("format"), StatsRows.Usual, quiet: null);

    private static List<string> Complaints(Invocation call, StatsWatch watch) =>
        [.. watch.Feeds.Where(f => f.Error is not null).Select(f => f.Error is ApiException refusal ? WrongKind.Explain(call, f.Entry.Container, refusal).Message : f.Error!.Message)];
}
