using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Oci.Images;

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
            Flag.List("platform", "Refuse an image that is for none of these platforms (e.g., \"linux/amd64\")", valueName: "strings"),
        ],
        Words = ArgumentRule.AtLeast(1),
        Spellings = ["image rm", "image remove", "rmi"],
        Completes = Completes.Images,
        Run = RunRemove,
    };

    private static int RunRemove(Invocation call)
    {
        bool force = call.Arguments.Is("force");
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

    private static string PlatformJson(string text)
    {
        Platform platform = PlatformSpecifier.Parse(text, PlatformSpecifier.Here) ?? throw new CliException(PlatformSpecifier.Fault(text));
        JsonObject json = new JsonObject().Add("os", platform.Os).Add("architecture", platform.Architecture);
        return JsonText.Compact(platform.Variant is null ? json : json.Add("variant", platform.Variant));
    }

    private static void RemoveOne(Invocation call, string name, bool force)
    {
        string[] platforms = [.. call.Arguments.Fields("platform").Select(PlatformJson)];

        // A daemon older than the option would leave it unread and remove the image: by this path it refuses.
        Query target = new Query($"{(platforms.Length > 0 ? "/v1.50" : "")}/images/{Query.Path(name)}").Flag("force", force).Flag("noprune", call.Arguments.Is("no-prune"));
        Array.ForEach(platforms, p => target.Add("platforms", p));

        using ApiResponse answer = call.Api.Open("DELETE", target.ToString());
        foreach (JsonObject item in JsonParser.ParseList(answer.ReadAll()).OfType<JsonObject>())
        {
            call.Out.Line(item.Text("Deleted") is { Length: > 0 } deleted ? $"Deleted: {deleted}" : $"Untagged: {item.Text("Untagged")}");
        }
    }
}
