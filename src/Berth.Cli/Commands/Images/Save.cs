using Berth.Cli.CommandLine;
using Berth.Cli.Http;

namespace Berth.Cli.Commands.Images;

/// <summary>berth save: images as an archive that load takes, here and elsewhere.</summary>
internal static class Save
{
    public static Command Row { get; } = new("save", "[OPTIONS] IMAGE [IMAGE...]", "Save images to an archive (on STDOUT by default)")
    {
        Flags = static () =>
        [
            Flag.Text("output", "Write to a file, instead of STDOUT", 'o'),
            Flag.Text("platform", "Save only this platform of them (e.g., \"linux/amd64\")"),
            Flag.List("since", "Leave out the layers that this image has: only another berth that has it too can load the archive", valueName: "image") with { Completes = Completes.Images },
        ],
        Words = ArgumentRule.AtLeast(1),
        Spellings = ["image save", "save"],
        Completes = Completes.Images,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        string file = call.Arguments.Text("output");
        ArchiveTarget.Check(call, "save", file);
        var target = new Query("/images/get");
        foreach (string name in call.Words)
        {
            target.Add("names", name);
        }

        target.Text("platform", call.Arguments.Text("platform"));
        foreach (string name in call.Arguments.All("since"))
        {
            target.Add("since", name);
        }

        try
        {
            using ApiResponse answer = call.Api.Open("GET", target.ToString());
            ArchiveTarget.Write(answer, file);
            return 0;
        }
        catch (ApiException e) when (call.Words.Count == 1)
        {
            throw WrongKind.ExplainImage(call, call.Words[0], e);
        }
    }
}
