using Berth.Cli.CommandLine;
using Berth.Oci.Images;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Manifests;

/// <summary>berth manifest annotate: what a list that is not pushed yet says of a manifest's platform.</summary>
internal static class Annotate
{
    public static Command Row { get; } = new("annotate", "[OPTIONS] MANIFEST_LIST MANIFEST", "Say in a list that is not pushed yet what a manifest is for")
    {
        Flags = static () =>
        [
            Flag.Text("arch", "Architecture"),
            Flag.Text("os", "Operating system"),
            Flag.Fields("os-features", "Features of the operating system that it needs"),
            Flag.Text("os-version", "Version of the operating system"),
            Flag.Text("variant", "Variant of the architecture"),
        ],
        Words = ArgumentRule.Exactly(2),
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        ImageReference list = ListName.Parse(call.Words[0], $"annotate: error parsing name for manifest list {call.Words[0]}: ");
        ImageReference name = ListName.Parse(call.Words[1], $"annotate: error parsing name for manifest {call.Words[1]}: ");
        DraftStore drafts = DraftStore.Of(call.Session);
        DraftMember member = drafts.Find(list, name) ?? throw new CliException($"manifest for image {call.Words[1]} does not exist in {call.Words[0]}");
        Platform before = member.Descriptor.Platform ?? new Platform();
        string os = call.Arguments.Text("os"), architecture = call.Arguments.Text("arch"), version = call.Arguments.Text("os-version"), variant = call.Arguments.Text("variant");
        var platform = new Platform
        {
            Architecture = architecture.Length > 0 ? architecture : before.Architecture,
            Os = os.Length > 0 ? os : before.Os,
            OsVersion = version.Length > 0 ? version : before.OsVersion,
            OsFeatures = [.. (before.OsFeatures ?? []).Concat(call.Arguments.Fields("os-features")).Distinct()],
            Variant = variant.Length > 0 ? variant : before.Variant,
        };
        if (!Architectures(platform.Os).Contains(platform.Architecture))
        {
            throw new CliException($"manifest entry for image has unsupported os/arch combination: {os}/{architecture}");
        }

        drafts.Keep(list, name, member.For(platform));
        return 0;
    }

    /// <summary>What Docker's client takes.</summary>
    private static string[] Architectures(string os) => os switch
    {
        "darwin" => ["386", "amd64", "arm", "arm64"],
        "dragonfly" or "solaris" => ["amd64"],
        "freebsd" or "netbsd" or "openbsd" => ["386", "amd64", "arm"],
        "linux" => ["386", "amd64", "arm", "arm64", "mips64", "mips64le", "ppc64le", "riscv64", "s390x"],
        "plan9" or "windows" => ["386", "amd64"],
        _ => [],
    };
}
