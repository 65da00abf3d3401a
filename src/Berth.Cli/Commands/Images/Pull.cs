using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Registries;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Images;

/// <summary>berth pull.</summary>
internal static class Pull
{
    public static Command Row { get; } = new("pull", "[OPTIONS] NAME[:TAG|@DIGEST]", "Bring an image from a registry")
    {
        Flags = static () =>
        [
            Flag.Bool("all-tags", "Bring all tagged images of the repository", 'a'),
            Flag.Bool("disable-content-trust", "Skip verification of the image") with { Default = "true", Deprecated = "there is no content trust to switch off" },
            Flag.Text("platform", "Bring the image for this platform (e.g., \"linux/arm64\")"),
            Flag.Bool("quiet", "Show the image's name only", 'q'),
        ],
        Words = ArgumentRule.Exactly(1),
        Group = CommandGroup.Common,
        Spellings = ["image pull", "pull"],
        Completes = Completes.Images,
        Run = Execute,
    };

    /// <summary>Brings one image, or with neither tag nor digest all of its repository.</summary>
    /// <param name="call">Its session and platform.</param>
    /// <param name="image">Which one.</param>
    /// <param name="to">Where progress is shown.</param>
    /// <param name="quiet">Not at all.</param>
    /// <exception cref="CliException">It broke off.</exception>
    /// <exception cref="ApiException">It was refused.</exception>
    public static void Bring(Invocation call, ImageReference image, Output to, bool quiet)
    {
        string platform = call.Arguments.Text("platform", call.Session.Variable("DOCKER_DEFAULT_PLATFORM") ?? "");
        Query target = new Query("/images/create").Add("fromImage", image.FamiliarRepository).Text("tag", image.Digest?.ToString() ?? image.Tag ?? "").Text("platform", platform);
        using ApiResponse answer = call.Api.Begin("POST", target.ToString(), headers: Logins.Of(call.Session).HeaderFor(image)).Finish();
        new ProgressStream(to, quiet).Show(answer);
    }

    /// <exception cref="CliException">It is no name of an image.</exception>
    public static ImageReference Parse(string name)
    {
        try
        {
            return ImageReference.Parse(name);
        }
        catch (FormatException e)
        {
            throw new CliException(e.Message);
        }
    }

    /// <summary>Takes the default tag, and says so.</summary>
    public static ImageReference WithDefaultTag(Invocation call, ImageReference image, bool quiet)
    {
        ImageReference tagged = image.WithDefaultTag();
        if (!quiet)
        {
            call.Out.Line($"Using default tag: {tagged.Tag}");
            call.Out.Flush();
        }

        return tagged;
    }

    private static int Execute(Invocation call)
    {
        ImageReference image = Parse(call.Words[0]);
        bool all = call.Arguments.Is("all-tags"), quiet = call.Arguments.Is("quiet");
        bool isBare = image.Tag is null && image.Digest is null;
        if (all && !isBare)
        {
            throw new CliException("tag can't be used with --all-tags/-a");
        }

        if (!all && isBare)
        {
            image = WithDefaultTag(call, image, quiet);
        }

        Bring(call, image, call.Out, quiet);
        call.Out.Line(image.ToString());
        return 0;
    }
}
