using System.Net;

using Berth.Linux;
using Berth.Network.Firewall;
using Berth.Network.Networks;
using Berth.Network.Sandboxes;

namespace Berth.Network.Endpoints;

/// <summary>
/// The ports that links open in the firewall, by the two places they lie between: with either they go, before its address may be another's.
/// Written on the network thread only.
/// </summary>
internal sealed class LinkedPairs(NetworkThread thread, NetworkTable table, HostNetworking host, Action<string> log)
{
    private readonly Dictionary<(string From, string To), OpenLink> _open = [];
    private volatile bool _any;

    /// <summary>Whether containers on a network reach each other by links only.</summary>
    public bool KeepsApart(string networkId) =>
        table.Find(networkId) is { Bridge: not null } network && !FirewalledNetwork.Of(network).InterContainer;

    /// <summary>Opens these ports in place of what was open between the same places, in one change.</summary>
    public Task AllowAsync(IReadOnlyCollection<LinkedPorts> links)
    {
        if (links.Count == 0)
        {
            return Task.CompletedTask;
        }

        _any = true; // before it looks who is there: whoever leaves from now on comes behind it
        return thread.RunAsync(_ => Allow([.. links.Where(l => IsThere(l.From) && IsThere(l.To))]));
    }

    /// <summary>These places are given up. They have left the table.</summary>
    public Task ForgetAsync(IReadOnlyCollection<Endpoint> endpoints) =>
        !_any ? Task.CompletedTask : thread.RunAsync(_ => Forget([.. endpoints.Select(e => e.Id)]));

    private void Allow(LinkedPorts[] links)
    {
        var next = links.GroupBy(l => (l.From.Id, l.To.Id))
            .ToDictionary(g => g.Key, g => new OpenLink(table.Find(g.First().To.NetworkId)?.Bridge ?? "", g.SelectMany(AllowedPair.Of).ToHashSet()));
        HashSet<AllowedPair> add = [.. next.Values.SelectMany(l => l.Pairs)];
        host.Firewall.Change([.. next.Keys.Where(_open.ContainsKey).SelectMany(k => _open[k].Pairs).Where(p => !add.Contains(p))], add);
        foreach (((string From, string To) key, OpenLink link) in next)
        {
            if (link.Pairs.Count > 0)
            {
                _open[key] = link;
            }
            else
            {
                _open.Remove(key);
            }
        }

        AnswerForEnds();
    }

    private void Forget(HashSet<string> endpoints)
    {
        (string From, string To)[] gone = [.. _open.Keys.Where(k => endpoints.Contains(k.From) || endpoints.Contains(k.To))];
        if (gone.Length == 0)
        {
            return;
        }

        try
        {
            host.Firewall.Change([.. gone.SelectMany(k => _open[k].Pairs)], (IReadOnlyCollection<AllowedPair>)[]);
            foreach ((string From, string To) key in gone)
            {
                _open.Remove(key);
            }

            AnswerForEnds();
        }
        catch (LinuxException e)
        {
            log($"the ports of {gone.Length} links could not be shut: whoever gets both addresses may use them until the daemon starts again: {e.Message}");
        }
    }

    // Both ends of a link look for each other, and nobody else answers them.
    private void AnswerForEnds() =>
        host.Bridges.AnswerFor(_open.Values.SelectMany(l => l.Pairs.Where(p => p.IsIpv6).SelectMany(p => (IEnumerable<(string, IPAddress)>)[(l.Bridge, p.From), (l.Bridge, p.To)])));

    private bool IsThere(Endpoint endpoint) => table.OfContainer(endpoint.ContainerId).Any(e => e.Id == endpoint.Id);

    private sealed record OpenLink(string Bridge, IReadOnlyCollection<AllowedPair> Pairs);
}
