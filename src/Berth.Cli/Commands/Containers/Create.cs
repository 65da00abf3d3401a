using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Specs;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth create.</summary>
internal static class Create
{
    public static Command Row { get; } = new("create", "[OPTIONS] IMAGE [COMMAND] [ARG...]", "Make a container without starting it")
    {
        Flags = ContainerFlags.Shared,
        Words = ArgumentRule.AtLeast(1),
        StopsAtFirstWord = true,
        Spellings = ["container create", "create"],
        Completes = Completes.Images,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        ContainerRequest request;
        try
        {
            request = new ContainerRequest(call.Arguments, detached: false);
            var creation = new Creation(call, request);
            call.Out.Line(creation.Finish(creation.Begin()));
            return 0;
        }
        catch (SpecException e)
        {
            throw Failure.OfRun(call, e);
        }
        catch (ApiException e)
        {
            throw new CliException(e.Message);
        }
    }
}
