using System.Net;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network;

/// <summary>Looks at the kernel's networking and changes nothing: what went through, and whether what was set up is still there.</summary>
public sealed class NetworkObserver
{
    private readonly NetworkThread _thread;
    private readonly string _table;

    internal NetworkObserver(NetworkThread thread, string defaultBridge) => (_thread, _table) = (thread, FirewallTable.Name(defaultBridge));

    /// <summary>The counters of all interfaces of a container, as it sees them.</summary>
    /// <param name="space">Its network namespace. Not owned.</param>
    /// <exception cref="EngineException">Unavailable: the daemon is shutting down.</exception>
    public Task<IReadOnlyList<LinkStatistics>> TrafficAsync(FileDescriptor space) => _thread.RunAsync(host => host.Within(space, static () =>
    {
        using NetlinkSocket routes = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
        return (IReadOnlyList<LinkStatistics>)routes.LinkStatistics();
    }));

    /// <summary>The host's interfaces, and whether our firewall is in place.</summary>
    public Task<HostObservation> HostAsync() => _thread.RunAsync(host =>
        new HostObservation(host.Routes.Links(), _table, host.Firewall.Tables(NfFamily.Inet).Contains(_table)) { Foreign = Foreign(host) });

    /// <summary>The addresses that interfaces of a container have, whatever it was given.</summary>
    /// <param name="space">Its network namespace. Not owned.</param>
    /// <exception cref="EngineException">Unavailable: the daemon is shutting down.</exception>
    public Task<IReadOnlyList<IPAddress>> AddressesAsync(FileDescriptor space) => _thread.RunAsync(host => host.Within(space, static () =>
    {
        using NetlinkSocket routes = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
        return (IReadOnlyList<IPAddress>)[.. routes.Addresses().Select(a => a.Address)];
    }));

    private ForeignForwarding Foreign(HostSockets host)
    {
        NfFamily[] families = [NfFamily.Inet, NfFamily.Ip, NfFamily.Ip6];
        try
        {
            bool filters = host.Inside(static () => SmallFile.TryRead("/proc/sys/net/bridge/bridge-nf-call-iptables")?.Trim() == "1");
            return new ForeignForwarding(
                [.. families.SelectMany(f => host.Firewall.Chains(f)).Where(c => c.Table != _table)], [.. families.SelectMany(f => host.Firewall.Rules(f)).Where(r => r.Table != _table)], filters);
        }
        catch (LinuxException)
        {
            return ForeignForwarding.None; // somebody is changing those rules at this moment
        }
    }
}
