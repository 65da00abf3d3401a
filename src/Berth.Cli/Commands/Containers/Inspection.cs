using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Containers;

/// <summary>Asks for one container.</summary>
internal static class Inspection
{
    /// <exception cref="ApiException">There is none; the message says so when the name is an image's.</exception>
    public static JsonObject Container(Invocation call, string name)
    {
        try
        {
            return call.Api.Get($"/containers/{Query.Segment(name)}/json");
        }
        catch (ApiException e)
        {
            throw WrongKind.Explain(call, name, e);
        }
    }
}
