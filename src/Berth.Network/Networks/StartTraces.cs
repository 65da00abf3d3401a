using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall;
using Berth.Network.Sandboxes;

namespace Berth.Network.Networks;

/// <summary>What stood on the host before a daemon's start, so that a start that fails takes away what it made. Used on the network thread only.</summary>
/// <param name="Table">The firewall table stood: an earlier daemon's containers may need it.</param>
/// <param name="Links">The interfaces that stood.</param>
internal sealed record StartTraces(bool Table, IReadOnlySet<string> Links)
{
    public static StartTraces Of(HostSockets host, string defaultBridge) => new(
        host.Firewall.Tables(NfFamily.Inet).Contains(FirewallTable.Name(defaultBridge)), host.Routes.Links().Select(l => l.Name).ToHashSet(StringComparer.Ordinal));

    /// <summary>Does something, and takes away what it left where it fails.</summary>
    public T UndoUnless<T>(HostSockets host, IReadOnlyList<Network> networks, NetworkOptions options, Func<T> works)
    {
        try
        {
            return works();
        }
        catch
        {
            Undo(host, networks, options);
            throw;
        }
    }

    /// <summary>Removes what was made since: bridges, made parents, the table and its exceptions in other firewalls. Forwarding stays on: others may have come to rely on it.</summary>
    public void Undo(HostSockets host, IReadOnlyList<Network> networks, NetworkOptions options)
    {
        string[] ours = [.. networks.SelectMany(n => new[] { n.Bridge, n.MadeLink }).OfType<string>().Except(Links)];
        Try(() => HostBridge.RemoveLinks(host.Routes, [.. host.Routes.Links().Select(l => l.Name).Intersect(ours)]), options);
        if (Table)
        {
            return;
        }

        string table = FirewallTable.Name(options.BridgeName);
        Try(
            () =>
            {
                if (host.Firewall.Tables(NfFamily.Inet).Contains(table))
                {
                    new NfTransaction().Delete(NfFamily.Inet, table).Commit(host.Firewall);
                }
            },
            options);
        foreach (string bridge in networks.Select(n => n.Bridge).OfType<string>())
        {
            Try(() => ForeignForward.Remove(host.Firewall, NfFamily.Ip, bridge), options);
            Try(() => ForeignForward.Remove(host.Firewall, NfFamily.Ip6, bridge), options);
        }
    }

    private static void Try(Action step, NetworkOptions options)
    {
        try
        {
            step();
        }
        catch (LinuxException e)
        {
            options.Log($"something of a start that failed is left on this host: {e.Message}");
        }
    }
}
