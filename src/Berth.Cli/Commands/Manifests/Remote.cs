using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Registries;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Manifests;

/// <summary>Registries are asked by the engine: it has their settings, mirrors and certificates.</summary>
internal static class Remote
{
    public static Flag Insecure(string help) => Flag.Bool("insecure", help);

    /// <summary>What a name means in its registry.</summary>
    /// <param name="call">Its session, and --insecure.</param>
    /// <param name="name">With a tag or a digest.</param>
    /// <param name="withMembers">Of a list the manifests of its members too.</param>
    /// <exception cref="CliException">It was refused.</exception>
    public static (bool IsList, IReadOnlyList<DraftMember> Members) Find(Invocation call, ImageReference name, bool withMembers)
    {
        Query target = new Query("/berth/manifest").Add("name", name.ToString()).Flag("insecure", call.Arguments.Is("insecure")).Flag("members", withMembers);
        using ApiResponse answer = Ask(call, "GET", target.ToString(), null, name);
        JsonObject found = JsonParser.ParseObject(answer.ReadAll());
        return (found.Is("IsList"), [.. found.List("Manifests").OfType<JsonObject>().Select(DraftMember.Of)]);
    }

    /// <summary>Asks, with the user's login for the name's registry. Errors are in the words that Docker's client has for its own requests.</summary>
    /// <exception cref="CliException">It was refused.</exception>
    public static ApiResponse Ask(Invocation call, string method, string target, string? body, ImageReference name)
    {
        try
        {
            return call.Api.Begin(method, target, body, Logins.Of(call.Session).HeaderFor(name)).Finish();
        }
        catch (ApiException e) when (e.Status == 404 && e.Answer.Contains("page not found", StringComparison.OrdinalIgnoreCase))
        {
            throw new CliException($"the engine at {call.Api.Endpoint.Text} cannot look into registries for this; that needs berthd {Identity.Version} or later");
        }
        catch (ApiException e)
        {
            throw new CliException(e.Answer);
        }
    }
}
