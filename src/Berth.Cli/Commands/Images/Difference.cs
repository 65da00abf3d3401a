using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Images;

/// <summary>berth image diff: what the second image has otherwise than the first, as "diff" shows a container's changes.</summary>
internal static class Difference
{
    private const string Kinds = "CAD";

    public static Command Row { get; } = new("diff", "IMAGE IMAGE", "Show what an image has otherwise than another")
    {
        Words = ArgumentRule.Exactly(2),
        Completes = Completes.Images,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        using ApiResponse answer = Own.Open(call, new Query("/berth/image-diff").Add("from", call.Words[0]).Add("to", call.Words[1]));
        foreach (JsonObject change in JsonLines.Read(answer))
        {
            if (change.Text("error") is { Length: > 0 } error)
            {
                throw new CliException(error);
            }

            call.Out.Line(Line(change));
        }

        return 0;
    }

    /// <summary>"A /etc/new".</summary>
    public static string Line(JsonObject change) => $"{Kinds[(int)Math.Clamp(change.Int("Kind"), 0, 2)]} {change.Text("Path")}";
}
