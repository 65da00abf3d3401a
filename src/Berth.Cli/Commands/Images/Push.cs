using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Registries;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Images;

/// <summary>berth push.</summary>
internal static class Push
{
    public static Command Row { get; } = new("push", "[OPTIONS] NAME[:TAG] | ssh://[USER@]HOST[:PORT] IMAGE [IMAGE...]", "Bring an image into a registry, or into the engine of another machine")
    {
        Flags = static () =>
        [
            Flag.Bool("all-tags", "Bring all tags of the repository", 'a'),
            Flag.Bool("disable-content-trust", "Skip signing of the image") with { Default = "true", Deprecated = "there is no content trust to switch off" },
            Flag.Text("platform", "Refuse an image that is not for this platform (e.g., \"linux/arm64\")"),
            Flag.Bool("quiet", "Show the image's name only", 'q'),
        ],
        Words = ArgumentRule.AtLeast(1),
        Group = CommandGroup.Common,
        Spellings = ["image push", "push"],
        Completes = Completes.Images,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        if (call.Words[0].StartsWith(SshAddress.Scheme, StringComparison.Ordinal))
        {
            return new SshPush(call, SshAddress.Parse(call.Words[0])).Run(
                call.Words.Count > 1 ? call.Words[1..] : throw new CliException($"no image is named: {call.Path} {call.Words[0]} IMAGE [IMAGE...]"));
        }

        if (ArgumentRule.Exactly(1).Complain(call.Words.Count) is { } complaint)
        {
            throw new CliException($"\"{call.Path}\" {complaint}.\nSee '{call.Path} --help'.\n\nUsage:  {HelpPage.Usage(call.Command, call.Path)}\n\n{call.Command.Summary}");
        }

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
