using Berth.Linux.Netlink;
using Berth.Network.Ports;
using Berth.Network.Sandboxes;

namespace Berth.Network.Networks;

/// <summary>
/// What containers need of the host beside links and firewall, put back where it is missing: forwarding, bridges that are up with their addresses
/// and routes, the way back of published ports. Used on the network thread only.
/// </summary>
internal sealed class HostRepair(HostSockets host, BridgeSet bridges, PortPublisher publisher)
{
    /// <summary>Something was lost that may have been ours. A network that we removed ourselves is not among the bridges any more.</summary>
    public bool Concerns(NetworkLoss loss) => loss.Kind switch
    {
        NetworkLossKind.Rule => loss.Table == publisher.ReturnTable,
        NetworkLossKind.Route => loss.Table == publisher.ReturnTable || bridges.HasIndex(loss.LinkIndex),
        NetworkLossKind.Forwarding => loss.LinkIndex == 0 || bridges.HasIndex(loss.LinkIndex),
        _ => bridges.HasIndex(loss.LinkIndex),
    };

    /// <summary>Looks at all of it.</summary>
    /// <param name="restored">What was missing and is there again, for people; also of what was done before a failure.</param>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    public void Run(List<string> restored)
    {
        restored.AddRange(host.Inside(() => HostBridge.RestoreForwarding(bridges.Shapes)));
        bridges.Repair(restored);
        if (publisher.RestoreReturnPath(host))
        {
            restored.Add("the routing rule of --publish-policy host");
        }
    }
}
