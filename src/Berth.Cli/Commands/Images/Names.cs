using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Images;

/// <summary>berth tag and berth rmi: names given to images and taken from them.</summary>
internal static class Names
{
    public static Command Tag { get; } = new("tag", "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", "Give an image a further name")
    {
        Words = ArgumentRule.Exactly(2),
        Spellings = ["image tag", "tag"],
        Completes = Completes.Images,
        Run = static call =>
        {
            (string repository, string tag) = ImageName.Split(call.Words[1]);
            if (call.Words[1].Contains('@', StringComparison.Ordinal))
            {
                throw new CliException("refusing to create a tag with a digest reference");
            }

            try
            {
                call.Api.Do("POST", new Query($"/images/{Query.Path(call.Words[0])}/tag").Add("repo", repository).Text("tag", tag).ToString());
            }
            catch (ApiException e)
            {
                throw WrongKind.ExplainImage(call, call.Words[0], e);
            }

            return 0;
        },
    };

    public static Command Remove { get; } = new("rmi", "[OPTIONS] IMAGE [IMAGE...]", "Remove images, or one of their names")
    {
        Flags = static () =>
        [
            Flag.Bool("force", "Remove it under all its names, and though stopped containers use it", 'f'),
            Flag.Bool("no-prune", "Keep its parents without a name"),
            Flag.List("platform", "Remove only this platform of it", valueName: "strings"),
        ],
        Words = ArgumentRule.AtLeast(1),
        Spellings = ["image rm", "image remove", "rmi"],
        Completes = Completes.Images,
        Run = RunRemove,
    };

    private static int RunRemove(Invocation call)
    {
        bool force = call.Arguments.Is("force");
        if (call.Arguments.Given("platform"))
        {
            throw new CliException("cannot remove one platform of an image: --platform is not there yet");
        }

        var errors = new List<string>();
        bool fatal = false;
        foreach (string name in call.Words)
        {
            try
            {
                RemoveOne(call, name, force);
            }
            catch (ApiException e)
            {
                fatal |= e.Status != 404;
                errors.Add(WrongKind.ExplainImage(call, name, e).Message);
            }
        }

        if (errors.Count == 0)
        {
            return 0;
        }

        call.Out.Flush();
        call.Err.Line(string.Join('\n', errors));
        return force && !fatal ? 0 : 1;
    }

    private static void RemoveOne(Invocation call, string name, bool force)
    {
        using ApiResponse answer = call.Api.Open("DELETE", new Query($"/images/{Query.Path(name)}").Flag("force", force).Flag("noprune", call.Arguments.Is("no-prune")).ToString());
        foreach (JsonObject item in JsonParser.ParseList(answer.ReadAll()).OfType<JsonObject>())
        {
            call.Out.Line(item.Text("Deleted") is { Length: > 0 } deleted ? $"Deleted: {deleted}" : $"Untagged: {item.Text("Untagged")}");
        }
    }
}
