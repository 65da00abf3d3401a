using Berth.Cli.CommandLine;
using Berth.Cli.Http;

namespace Berth.Cli.Commands.Images;

/// <summary>Operations on images that only this engine has.</summary>
internal static class Own
{
    /// <exception cref="CliException">The engine does not have it.</exception>
    public static ApiResponse Open(Invocation call, Query target)
    {
        try
        {
            return call.Api.Open("GET", target.ToString());
        }
        catch (ApiException e) when (e.Status == 404 && e.Answer.Contains("page not found", StringComparison.OrdinalIgnoreCase))
        {
            throw new CliException($"the engine at {call.Api.Endpoint.Text} cannot look into images; that needs berthd {Identity.Version} or later");
        }
    }
}
