using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Registries;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Images;

/// <summary>berth push.</summary>
internal static class Push
{
    public static Command Row { get; } = new("push", "[OPTIONS] NAME[:TAG]", "Bring an image into a registry")
    {
        Flags = static () =>
        [
            Flag.Bool("all-tags", "Bring all tags of the repository", 'a'),
            Flag.Bool("disable-content-trust", "Skip signing of the image") with { Default = "true", Deprecated = "there is no content trust to switch off" },
            Flag.Text("platform", "Refuse an image that is not for this platform (e.g., \"linux/arm64\")"),
            Flag.Bool("quiet", "Show the image's name only", 'q'),
        ],
        Words = ArgumentRule.Exactly(1),
        Group = CommandGroup.Common,
        Spellings = ["image push", "push"],
        Completes = Completes.Images,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        ImageReference image = Pull.Parse(call.Words[0]);
        bool all = call.Arguments.Is("all-tags"), quiet = call.Arguments.Is("quiet");
        if (image.Digest is not null)
        {
            throw new CliException("cannot push a digest reference");
        }

        if (all && image.Tag is not null)
        {
            throw new CliException("tag can't be used with --all-tags/-a");
        }

        if (!all && image.Tag is null)
        {
            image = Pull.WithDefaultTag(call, image, quiet);
        }

        Query target = new Query($"/images/{image.FamiliarRepository}/push").Text("tag", image.Tag ?? "").Text("platform", call.Arguments.Text("platform", ""));
        using ApiResponse answer = call.Api.Begin("POST", target.ToString(), headers: Logins.Of(call.Session).HeaderFor(image)).Finish();
        new ProgressStream(call.Out, quiet).Show(answer);
        if (quiet)
        {
            call.Out.Line(image.ToString());
        }

        return 0;
    }
}
