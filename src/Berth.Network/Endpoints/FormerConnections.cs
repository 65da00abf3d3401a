using System.Net;

using Berth.Linux.Conntrack;
using Berth.Linux.Files;
using Berth.Network.Sandboxes;

namespace Berth.Network.Endpoints;

/// <summary>
/// Connections of places that are nobody's any more. The firewall lets through what belongs to a connection that stands, so who gets the address next
/// would be reached by whoever spoke with the former container, and would get out by its ways; and a client that comes back by its old port would be
/// led to where nobody is. Used on the network thread only, once nothing leads to the place.
/// </summary>
internal static class FormerConnections
{
    private const int LongestNumber = 32;

    public static void Forget(HostSockets host, IEnumerable<Endpoint> endpoints)
    {
        IPAddress[] addresses = [.. endpoints.Where(e => e.HostInterface is not null).SelectMany(e => (IEnumerable<IPAddress?>)[e.Address, e.Ipv6Address]).OfType<IPAddress>()];
        if (addresses.Length == 0 || host.Inside(AreNone))
        {
            return;
        }

        foreach (IPAddress address in addresses)
        {
            host.Firewall.ForgetAddress(address);
        }
    }

    // A question to the table walks all of it, so none is asked of an empty one. Of this namespace: nf_conntrack-sysctl.rst.
    private static bool AreNone() => SmallFile.TryRead("/proc/sys/net/netfilter/nf_conntrack_count", LongestNumber)?.Trim() is null or "0";
}
