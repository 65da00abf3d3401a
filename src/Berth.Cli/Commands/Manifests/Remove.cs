using Berth.Cli.CommandLine;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Manifests;

/// <summary>berth manifest rm.</summary>
internal static class Remove
{
    public static Command Row { get; } = new("rm", "MANIFEST_LIST [MANIFEST_LIST...]", "Forget lists that are not pushed, or were")
    {
        Words = ArgumentRule.AtLeast(1),
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        DraftStore drafts = DraftStore.Of(call.Session);
        List<string> errors = [];
        foreach (string typed in call.Words)
        {
            try
            {
                ImageReference list = ListName.Parse(typed);
                _ = drafts.Remove(list) ? true : throw DraftStore.Missing(list);
            }
            catch (CliException e)
            {
                errors.Add(e.Message);
            }
        }

        return errors.Count == 0 ? 0 : throw new CliException(string.Join('\n', errors));
    }
}
