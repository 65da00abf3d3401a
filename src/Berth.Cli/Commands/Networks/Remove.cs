using Berth.Cli.CommandLine;
using Berth.Cli.Http;

namespace Berth.Cli.Commands.Networks;

/// <summary>berth network rm.</summary>
internal static class Remove
{
    public static Command Row { get; } = new("rm", "[OPTIONS] NETWORK [NETWORK...]", "Remove networks")
    {
        Aliases = ["remove"],
        Flags = static () => [Flag.Bool("force", "Say nothing of those that are not there", 'f')],
        Words = ArgumentRule.AtLeast(1),
        Spellings = ["network rm", "network remove"],
        Completes = Completes.Networks,
        Run = static call => call.Each(call.Words, name => RemoveOne(call, name), print: false, explain: static (_, _, e) => e),
    };

    private static void RemoveOne(Invocation call, string name)
    {
        if (name.Trim().Length == 0)
        {
            throw new CliException("invalid network name or ID: value is empty");
        }

        string target = $"/networks/{Query.Segment(name)}";
        if (!IsWanted(call, target))
        {
            return;
        }

        try
        {
            call.Api.Do("DELETE", target);
            call.Out.Line(name);
        }
        catch (ApiException e) when (e.Status == 404 && call.Arguments.Is("force"))
        {
            // Not there is what was asked for.
        }
    }

    // Without its routing mesh a swarm's published services cannot be reached: Docker's client asks first, and we talk to its daemon too.
    private static bool IsWanted(Invocation call, string target)
    {
        try
        {
            return !call.Api.Get(target).Is("Ingress")
                || Confirmation.Ask(call, "WARNING! This network is the routing mesh of a swarm: without it nothing reaches the swarm's published services.");
        }
        catch (ApiException)
        {
            return true; // the removal itself will say what is wrong
        }
    }
}
