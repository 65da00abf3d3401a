using Berth.Cli.CommandLine;
using Berth.Cli.Http;

namespace Berth.Cli.Commands;

/// <summary>
/// An id of one kind given where another is asked for is the commonest mistake of beginners. The daemon is asked what it is only after it
/// said that it does not know it.
/// </summary>
internal static class WrongKind
{
    /// <summary>The error to show for a container that was not found: it says so when the name is an image's.</summary>
    public static ApiException Explain(Invocation call, string name, ApiException error) =>
        error.Status == 404 && error.Answer.Contains("No such container", StringComparison.OrdinalIgnoreCase) && Exists(call, $"/images/{Query.Path(name)}/json")
            ? new ApiException(404, $"{error.Answer}: {name} is an image; '{call.Session.Program} run {name}' makes a container of it, '{call.Session.Program} ps -a' lists those there are")
            : error;

    /// <summary>The error to show for an image that was not found: it says so when the name is a container's.</summary>
    public static ApiException ExplainImage(Invocation call, string name, ApiException error) =>
        error.Status == 404 && Exists(call, $"/containers/{Query.Segment(name)}/json")
            ? new ApiException(404, $"{error.Answer}: {name} is a container; '{call.Session.Program} rm {name}' removes it, '{call.Session.Program} images' lists the images there are")
            : error;

    private static bool Exists(Invocation call, string target)
    {
        try
        {
            call.Api.Do("GET", target);
            return true;
        }
        catch (Exception e) when (e is ApiException or ConnectionException)
        {
            return false;
        }
    }
}
