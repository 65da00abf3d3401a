using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Streams;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth logs.</summary>
internal static class Logs
{
    private const string MultiplexedType = "application/vnd.docker.multiplexed-stream";

    public static Command Row { get; } = new("logs", "[OPTIONS] CONTAINER", "Show what a container wrote")
    {
        Flags = static () =>
        [
            Flag.Bool("details", "Show what the log driver added"),
            Flag.Bool("follow", "Go on showing what comes", 'f'),
            Flag.Int("head", "Show the first lines alone"),
            Flag.Text("since", "Show what came after a moment (e.g. \"2013-01-02T13:23:37Z\") or in the last e.g. \"42m\""),
            Flag.Text("tail", "Show the last lines alone", 'n', "\"all\""),
            Flag.Bool("timestamps", "Show when each line came", 't'),
            Flag.Text("until", "Show what came before a moment (e.g. \"2013-01-02T13:23:37Z\") or before the last e.g. \"42m\""),
        ],
        Words = ArgumentRule.Exactly(1),
        Spellings = ["container logs", "logs"],
        Completes = Completes.Containers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        Arguments given = call.Arguments;
        string name = call.Words[0];
        if (given.Given("head") && (given.Given("tail") || given.Int("head") < 0))
        {
            throw new CliException(given.Int("head") < 0
                ? "cannot show the first lines: --head wants a number from 0 on"
                : "conflicting options: cannot specify both --head and --tail");
        }

        Query target = new Query($"/containers/{Query.Segment(name)}/logs").Add("stdout", "1").Add("stderr", "1")
            .Flag("follow", given.Is("follow")).Flag("details", given.Is("details")).Flag("timestamps", given.Is("timestamps"))
            .Text("since", Moment(call, "since")).Text("until", Moment(call, "until")).Add("tail", given.Text("tail", "all"));
        ApiResponse? log = null;
        try
        {
            log = call.Api.Open("GET", target.ToString());
            Show(call, name, log, given.Given("head") ? given.Int("head") : long.MaxValue);
            return 0;
        }
        catch (ApiException e)
        {
            throw WrongKind.Explain(call, name, e);
        }
        finally
        {
            log?.Dispose();
        }
    }

    // Engines before API 1.42 do not say whether frames follow; then the container tells whether it has a terminal.
    private static void Show(Invocation call, string name, ApiResponse log, long lines)
    {
        bool frames = log.Head.ContentType == MultiplexedType || !Inspection.Container(call, name).Object("Config").Is("Tty");
        var head = new LineLimit(lines);
        var reader = new FrameReader(bytes => Write(call.Out, head.Take(bytes)), bytes => Write(call.Err, head.Take(bytes)));
        byte[] buffer = new byte[64 * 1024];
        while (!head.IsReached)
        {
            int got = log.Read(buffer);
            if (got == 0)
            {
                return;
            }

            if (frames)
            {
                reader.Take(buffer.AsSpan(0, got));
            }
            else
            {
                Write(call.Out, head.Take(buffer.AsSpan(0, got)));
            }
        }
    }

    private static void Write(Output output, ReadOnlySpan<byte> bytes)
    {
        output.Bytes(bytes);
        output.Flush();
    }

    private static string Moment(Invocation call, string flag)
    {
        string text = call.Arguments.Text(flag);
        if (text.Length == 0)
        {
            return "";
        }

        if (GoTime.ToUnix(text, call.Session.Now()) is string moment)
        {
            return moment;
        }

        _ = Inspection.Container(call, call.Words[0]); // that there is no such container comes first
        throw new CliException($"invalid value for \"{flag}\": failed to parse value as time or duration: {GoString.Quote(text)}");
    }
}
