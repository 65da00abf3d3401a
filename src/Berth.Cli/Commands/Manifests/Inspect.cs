using Berth.Cli.CommandLine;
using Berth.Oci.Images;
using Berth.Oci.Json;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Manifests;

/// <summary>berth manifest inspect: a list that is not pushed yet, one of its members, or what a registry has.</summary>
internal static class Inspect
{
    public static Command Row { get; } = new("inspect", "[OPTIONS] [MANIFEST_LIST] MANIFEST", "Show a manifest, or a list of them")
    {
        Flags = static () =>
        [
            Remote.Insecure("The registry may do without TLS or a good certificate"),
            Flag.Bool("verbose", "Show names, platforms and layers too", 'v'),
        ],
        Words = ArgumentRule.Between(1, 2),
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        bool verbose = call.Arguments.Is("verbose");
        ImageReference name = ListName.Parse(call.Words[^1]);
        DraftStore drafts = DraftStore.Of(call.Session);
        if (call.Words.Count == 2)
        {
            DraftMember member = drafts.Find(ListName.Parse(call.Words[0]), name) ?? throw DraftStore.Missing(name);
            call.Out.Line(verbose ? Verbose(member.Text) : member.Manifest(asReceived: false));
            return 0;
        }

        if (drafts.Find(name) is { } draft)
        {
            call.Out.Line(List(name, draft, verbose));
            return 0;
        }

        (bool isList, IReadOnlyList<DraftMember> found) = Remote.Find(call, name, verbose);
        call.Out.Line(isList ? List(name, found, verbose) : verbose ? Verbose(found[0].Text) : found[0].Manifest(asReceived: true));
        return 0;
    }

    private static string List(ImageReference list, IReadOnlyList<DraftMember> members, bool verbose)
    {
        if (verbose)
        {
            return Verbose($"[{string.Join(',', members.Select(static m => m.Text))}]");
        }

        if (members.Select(static m => ImageReference.Parse(m.Name).Domain).FirstOrDefault(d => d != list.Domain) is { } other)
        {
            throw new CliException($"failed to assemble ManifestDescriptor: cannot use source images from a different registry than the target image: {other} != {list.Domain}");
        }

        return ManifestList.Write([.. members.Select(static m => m.Descriptor)]);
    }

    private static string Verbose(string text) => JsonLayout.Indent(text, "\t");
}
