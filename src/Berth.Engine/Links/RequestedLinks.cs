using Berth.Api;
using Berth.Engine.Containers;
using Berth.Storage;

namespace Berth.Engine.Links;

/// <summary>Which links a create request asks for, and for which network. Pure.</summary>
internal static class RequestedLinks
{
    private const string Undefined = "This would result in undefined behavior";

    /// <summary>On the default bridge: with variables and hosts entries. Empty where the container's network is a user-defined one.</summary>
    /// <param name="config">With the network mode filled in.</param>
    /// <param name="endpoint">What is asked for on the default bridge: newer clients repeat the links there.</param>
    /// <exception cref="EngineException">Invalid: malformed, or not possible with the network mode.</exception>
    public static IReadOnlyList<LinkSpec> OnDefaultBridge(HostConfig config, EndpointSettings? endpoint)
    {
        string[] asked = [.. config.Links ?? [], .. endpoint?.Links ?? []];
        if (asked.Length == 0 || IsUserDefined(config.NetworkMode))
        {
            return [];
        }

        if (JoinedNamespaces.Target(config.NetworkMode) is not null)
        {
            throw EngineException.Invalid($"conflicting options: container type network can't be used with links. {Undefined}");
        }

        return config.NetworkMode == "host"
            ? throw EngineException.Invalid($"conflicting options: host type networking can't be used with links. {Undefined}")
            : LinkSpec.ParseAll(asked);
    }

    /// <summary>On a user-defined network: names for its other containers, which nobody else sees.</summary>
    /// <param name="endpoint">What is asked for there.</param>
    /// <param name="further">Links asked for elsewhere that belong there too.</param>
    /// <exception cref="EngineException">Invalid: malformed.</exception>
    public static EndpointSettings OnNetwork(EndpointSettings endpoint, IReadOnlyList<string>? further)
    {
        string[] all = [.. (endpoint.Links ?? []).Concat(further ?? []).Distinct()];
        LinkSpec.ParseAll(all);
        return all.Length == 0 ? endpoint : endpoint with { Links = all };
    }

    /// <summary>Refuses a link of a container to itself.</summary>
    /// <exception cref="EngineException">Invalid.</exception>
    public static void NotItself(string? name, IEnumerable<LinkSpec> links)
    {
        if (name is not null && links.Any(l => l.Target == name))
        {
            throw EngineException.Invalid($"container {name} cannot be linked to itself: in it, its own services are at 127.0.0.1");
        }
    }

    private static bool IsUserDefined(string? mode) =>
        mode is not (null or "" or "bridge" or "default" or "host" or "none") && JoinedNamespaces.Target(mode) is null;
}
