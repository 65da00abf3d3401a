using Berth.Cli.CommandLine;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Manifests;

/// <summary>berth manifest create.</summary>
internal static class Create
{
    public static Command Row { get; } = new("create", "MANIFEST_LIST MANIFEST [MANIFEST...]", "Begin a list of manifests, to be annotated and pushed to a registry")
    {
        Flags = static () =>
        [
            Flag.Bool("amend", "Add to a list that is begun already", 'a'),
            Remote.Insecure("The registry may do without TLS or a good certificate"),
        ],
        Words = ArgumentRule.AtLeast(2),
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        ImageReference list = ListName.Parse(call.Words[0], $"error parsing name for manifest list {call.Words[0]}: ");
        DraftStore drafts = DraftStore.Of(call.Session);
        if (drafts.Find(list) is not null && !call.Arguments.Is("amend"))
        {
            throw new CliException("refusing to amend an existing manifest list with no --amend flag");
        }

        // All are found before one is kept: a list is made whole or not at all.
        List<(ImageReference Name, DraftMember Member)> members = [];
        foreach (string typed in call.Words.Skip(1))
        {
            ImageReference name = ListName.Parse(typed);
            members.Add((name, drafts.Find(list, name) is { HasBytes: true } known ? known : Find(call, name)));
        }

        members.ForEach(m => drafts.Keep(list, m.Name, m.Member));
        call.Out.Line($"Created manifest list {list}");
        return 0;
    }

    private static DraftMember Find(Invocation call, ImageReference name) =>
        Remote.Find(call, name, withMembers: false) is (false, [DraftMember found]) ? found : throw new CliException($"{name} is a manifest list");
}
