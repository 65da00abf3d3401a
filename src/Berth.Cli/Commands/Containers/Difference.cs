using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth diff: what a container has otherwise than its image.</summary>
internal static class Difference
{
    public static Command Row { get; } = new("diff", "CONTAINER", "Show what a container changed in its image's files")
    {
        Words = ArgumentRule.Exactly(1),
        Spellings = ["container diff", "diff"],
        Completes = Completes.Containers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        string name = call.Words[0];
        JsonList changes;
        try
        {
            changes = call.Api.List($"/containers/{Query.Segment(name)}/changes");
        }
        catch (ApiException e)
        {
            throw WrongKind.Explain(call, name, e);
        }

        foreach (JsonObject change in changes.OfType<JsonObject>())
        {
            call.Out.Line(Images.Difference.Line(change));
        }

        return 0;
    }
}
