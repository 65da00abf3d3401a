using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Images;

/// <summary>berth commit: an image of what a container changed.</summary>
internal static class Commit
{
    public static Command Row { get; } = new("commit", "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]", "Make an image of a container's changes")
    {
        Flags = static () =>
        [
            Flag.Text("author", "Author (e.g., \"John Hannibal Smith <hannibal@a-team.com>\")", 'a'),
            Flag.List("change", "Apply a Dockerfile instruction to the image", 'c'),
            Flag.Text("message", "Commit message", 'm'),
            Flag.Bool("no-pause", "Let the container run on while its files are read"),
            Flag.Bool("pause", "Pause the container while its files are read", 'p') with { Default = "true" },
            Flag.Bool("squash", "Make one layer of the image's layers and the changes: what was deleted takes no room any more"),
            Flag.Text("squash-to", "As --squash, but keep the layers of this image below") with { ValueName = "image", Completes = Completes.Images },
        ],
        Words = ArgumentRule.Between(1, 2),
        Spellings = ["container commit", "commit"],
        Completes = Completes.Containers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        Arguments given = call.Arguments;
        string container = call.Words[0];
        (string repository, string tag) = call.Words.Count > 1 ? ImageName.Split(call.Words[1]) : ("", "");
        bool pause = given.Is("pause", true) && !given.Is("no-pause");
        Query target = new Query("/commit").Add("container", container).Text("repo", repository).Text("tag", tag).Text("author", given.Text("author"))
            .Text("comment", given.Text("message")).Add("pause", pause ? "1" : "0").Flag("squash", given.Is("squash")).Text("squash-base", given.Text("squash-to"));
        foreach (string change in given.All("change"))
        {
            target.Add("changes", change);
        }

        try
        {
            JsonObject made = call.Api.Object("POST", target.ToString());
            call.Out.Line(made.Text("Id"));
            return 0;
        }
        catch (ApiException e)
        {
            throw WrongKind.Explain(call, container, e);
        }
    }
}
