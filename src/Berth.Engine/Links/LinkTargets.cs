using Berth.Api;
using Berth.Engine.Containers;
using Berth.Network;

namespace Berth.Engine.Links;

/// <summary>Between which places on networks a container's links lead. Pure.</summary>
internal static class LinkTargets
{
    /// <param name="record">The container with the links.</param>
    /// <param name="places">Everybody on the networks in question, by the network's id.</param>
    /// <param name="bridge">The default bridge's id.</param>
    /// <param name="networkId">The id of a network by the name in the record.</param>
    public static IEnumerable<(Endpoint From, Endpoint To)> Of(
        ContainerRecord record, IReadOnlyDictionary<string, IReadOnlyList<Endpoint>> places, string? bridge, Func<string, string?> networkId)
    {
        HashSet<string> linked = [.. (record.Status.Links ?? []).Select(l => l.Target)];
        IEnumerable<(Endpoint From, Endpoint To)> onBridge = linked.Count > 0 && bridge is not null
            ? Pairs(record, places.GetValueOrDefault(bridge), e => linked.Contains(e.ContainerId))
            : [];
        return onBridge.Concat(record.Networks.Where(n => n.Value.Links is { Count: > 0 }).SelectMany(n => OnNetwork(record, n.Value, places, networkId(n.Key))));
    }

    private static IEnumerable<(Endpoint From, Endpoint To)> OnNetwork(
        ContainerRecord record, EndpointSettings settings, IReadOnlyDictionary<string, IReadOnlyList<Endpoint>> places, string? network)
    {
        HashSet<string> names = new(LinkAliases.Of(settings).Values, StringComparer.OrdinalIgnoreCase);
        return network is null ? [] : Pairs(record, places.GetValueOrDefault(network), e => e.Names.Any(names.Contains));
    }

    private static IEnumerable<(Endpoint From, Endpoint To)> Pairs(ContainerRecord record, IReadOnlyList<Endpoint>? present, Func<Endpoint, bool> isTarget) =>
        present?.FirstOrDefault(e => e.ContainerId == record.Id) is { } from
            ? present.Where(e => e.ContainerId != record.Id && isTarget(e)).Select(to => (from, to))
            : [];
}
