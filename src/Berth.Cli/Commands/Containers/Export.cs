using Berth.Cli.CommandLine;
using Berth.Cli.Http;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth export: a container's files as one archive.</summary>
internal static class Export
{
    public static Command Row { get; } = new("export", "[OPTIONS] CONTAINER", "Export a container's files as an archive (on STDOUT by default)")
    {
        Flags = static () => [Flag.Text("output", "Write to a file, instead of STDOUT", 'o')],
        Words = ArgumentRule.Exactly(1),
        Spellings = ["container export", "export"],
        Completes = Completes.Containers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        string file = call.Arguments.Text("output"), name = call.Words[0];
        ArchiveTarget.Check(call, "export", file);
        try
        {
            using ApiResponse answer = call.Api.Open("GET", $"/containers/{Query.Segment(name)}/export");
            ArchiveTarget.Write(answer, file);
            return 0;
        }
        catch (ApiException e)
        {
            throw WrongKind.Explain(call, name, e);
        }
    }
}
