using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Manifests;

/// <summary>berth manifest push.</summary>
internal static class Push
{
    public static Command Row { get; } = new("push", "[OPTIONS] MANIFEST_LIST", "Write a list of manifests to its registry")
    {
        Flags = static () =>
        [
            Remote.Insecure("The registry may do without TLS or a good certificate"),
            Flag.Bool("purge", "Forget the list here afterwards", 'p'),
        ],
        Words = ArgumentRule.Exactly(1),
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        ImageReference list = ListName.Parse(call.Words[0]);
        DraftStore drafts = DraftStore.Of(call.Session);
        IReadOnlyList<DraftMember> members = drafts.Find(list) ?? throw DraftStore.Missing(list);
        if (members.Count == 0)
        {
            throw new CliException($"{list} not found");
        }

        var request = new JsonObject().Add("Name", list.ToString()).Add("Insecure", call.Arguments.Is("insecure"))
            .Add("Manifests", new JsonList(members.Select(static m => new JsonObject().Add("Ref", m.Name).Add("Descriptor", m.Own))));
        using (ApiResponse answer = Remote.Ask(call, "POST", "/berth/manifest-push", JsonText.Compact(request), list))
        {
            new ProgressStream(call.Out).Show(answer);
        }

        if (call.Arguments.Is("purge"))
        {
            drafts.Remove(list);
        }

        return 0;
    }
}
