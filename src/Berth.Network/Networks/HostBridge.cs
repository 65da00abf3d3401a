using System.Text;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>A bridge on the host: made where it is missing, corrected where it differs. Called inside the host's namespace.</summary>
internal static class HostBridge
{
    /// <summary>Brings the bridge into shape and returns its link.</summary>
    /// <param name="routes">Socket of the host's namespace.</param>
    /// <param name="shape">How it is to be.</param>
    /// <param name="former">Addresses an earlier start gave it; they go when the shape has others.</param>
    public static Link Ensure(NetlinkSocket routes, BridgeShape shape, IReadOnlyList<BridgeAddress>? former = null)
    {
        Link bridge = routes.FindLink(shape.Name) ?? Make(routes, shape);
        if (bridge.Kind != "bridge")
        {
            throw EngineException.Conflict(
                $"the network interface {shape.Name} exists and is {(bridge.Kind.Length == 0 ? "hardware" : $"a {bridge.Kind}")}, no bridge: remove it, or name another with --bridge");
        }

        Configure(shape);
        var changes = new NetlinkBatch();
        if (bridge.Mtu != shape.Mtu && shape.Found is null)
        {
            changes.SetMtu(bridge.Index, shape.Mtu);
        }

        foreach (BridgeAddress old in (former ?? []).Where(f => shape.Found?.Contains(f.Address.ToString()) != true && !shape.Addresses.Any(a => a.Address.Equals(f.Address) && a.PrefixLength == f.PrefixLength)))
        {
            changes.DeleteAddress(new LinkAddress(bridge.Index, old.Address, old.PrefixLength));
        }

        changes.SetUp(bridge.Index); // before the addresses: IPv6 makes no route for one of a link that is down
        foreach ((System.Net.IPAddress address, int length) in shape.Addresses)
        {
            changes.AddAddress(new LinkAddress(bridge.Index, address, length));
        }

        routes.Execute(changes.AcknowledgeLast());
        return bridge;
    }

    /// <summary>Lets the host pass packets on between its interfaces. Never taken back: others may have come to rely on it.</summary>
    public static void EnableForwarding() => Write("/proc/sys/net/ipv4/ip_forward", "1", mayBeMissing: false);

    /// <summary>
    /// The same for IPv6. A host that forwards takes no more router advertisements, and would lose its own default route with the next one's
    /// end, unless told to take them all the same: accept_ra 2 (Documentation/networking/ip-sysctl.rst).
    /// </summary>
    public static void EnableIpv6Forwarding()
    {
        const string Conf = "/proc/sys/net/ipv6/conf";
        if (!Directory.Exists(Conf) || Read($"{Conf}/all/forwarding") == "1")
        {
            return;
        }

        foreach (string link in Directory.EnumerateDirectories(Conf))
        {
            if (Path.GetFileName(link) is not "all" && Read($"{link}/accept_ra") == "1")
            {
                Write($"{link}/accept_ra", "2", mayBeMissing: true);
            }
        }

        Write($"{Conf}/all/forwarding", "1", mayBeMissing: true);
    }

    /// <summary>Forwarding that somebody switched off, of the host or of a bridge, is switched on again.</summary>
    /// <returns>The settings that were off.</returns>
    public static List<string> RestoreForwarding(IReadOnlyCollection<BridgeShape> bridges)
    {
        List<string> off = [];
        if (Read("/proc/sys/net/ipv4/ip_forward") == "0")
        {
            EnableForwarding(); // and with it every interface's
            off.Add("net.ipv4.ip_forward=1");
        }

        if (bridges.Any(b => b.Ipv6) && Read("/proc/sys/net/ipv6/conf/all/forwarding") == "0")
        {
            EnableIpv6Forwarding();
            off.Add("net.ipv6.conf.all.forwarding=1");
        }

        foreach (BridgeShape bridge in bridges)
        {
            foreach (string family in bridge.Ipv6 ? (string[])["ipv4", "ipv6"] : ["ipv4"])
            {
                string path = $"/proc/sys/net/{family}/conf/{bridge.Name}/forwarding";
                if (Read(path) == "0")
                {
                    Write(path, "1", mayBeMissing: true);
                    off.Add($"net.{family}.conf.{bridge.Name}.forwarding=1");
                }
            }
        }

        return off;
    }

    /// <summary>Removes interfaces at one go; those that went meanwhile are no error.</summary>
    public static void RemoveLinks(NetlinkSocket routes, IReadOnlyCollection<string> names)
    {
        // One by one costs 25 ms each on an idle machine (the kernel waits for its readers each time), as a group 1 ms: rtnl_group_dellink in
        // net/core/rtnetlink.c takes all of them away at once.
        const uint Group = 0x62727468; // "brth": what two daemons put into it is to go in either case
        var batch = new NetlinkBatch();
        foreach (string name in names)
        {
            batch.SetGroup(name, Group);
        }

        if (!batch.IsEmpty)
        {
            routes.Execute(batch.DeleteGroup(Group).AcknowledgeLast());
        }
    }

    /// <summary>Takes back what <see cref="Ensure"/> set on a bridge that stays, while the firewall still guards it: CVE-2020-8558.</summary>
    public static void Unconfigure(BridgeShape shape)
    {
        Write($"/proc/sys/net/ipv4/conf/{shape.Name}/route_localnet", "0", mayBeMissing: true);
        if (!shape.InterContainer)
        {
            Write($"/proc/sys/net/ipv4/conf/{shape.Name}/proxy_arp_pvlan", "0", mayBeMissing: true);
            Write($"/proc/sys/net/ipv6/conf/{shape.Name}/proxy_ndp", "0", mayBeMissing: true);
        }
    }

    private static void Configure(BridgeShape shape)
    {
        string ipv4 = $"/proc/sys/net/ipv4/conf/{shape.Name}", ipv6 = $"/proc/sys/net/ipv6/conf/{shape.Name}";

        if (shape.Found is null) // an administrator's may have its addresses and routes by them
        {
            // A container's router advertisements would reconfigure the host (CVE-2020-13401).
            Write($"{ipv6}/accept_ra", "0", mayBeMissing: true);

            // The kernel asks for neighbours of what it forwards by its link-local address, which looking for duplicates would hold back: for a second or two
            // after the first container came nobody would reach it. Its hardware address is ours.
            Write($"{ipv6}/accept_dad", "0", mayBeMissing: true);
        }

        if (shape.Ipv6 || shape.Found is null)
        {
            Write($"{ipv6}/disable_ipv6", shape.Ipv6 ? "0" : "1", mayBeMissing: true); // where an administrator speaks it, it stays
        }

        // What the host sends to 127.0.0.1 may be translated to a container's address and leave by this bridge. The firewall, which stands
        // already, drops what comes from the bridge for 127.0.0.0/8: CVE-2020-8558.
        Write($"{ipv4}/route_localnet", "1", mayBeMissing: false);
        if (!shape.InterContainer)
        {
            // Its ports are isolated from each other: the host answers for all of them, so that their packets pass its firewall (RFC 3069;
            // proxy_arp_pvlan in Documentation/networking/ip-sysctl.rst: answers by the interface that the question came by).
            Write($"{ipv4}/proxy_arp_pvlan", "1", mayBeMissing: false);

            // What leaves by where it came from makes a router tell the sender of a shorter way (RFC 1812, 5.2.7.2), which here is none. Where
            // conf/all says otherwise it wins (ip-sysctl.rst); containers that heed it only ask for the neighbour again, and the host answers.
            Write($"{ipv4}/send_redirects", "0", mayBeMissing: false);

            if (shape.Ipv6)
            {
                // The same for IPv6, but for single addresses: NeighbourProxies.
                Write($"{ipv6}/proxy_ndp", "1", mayBeMissing: true);
                Write($"/proc/sys/net/ipv6/neigh/{shape.Name}/proxy_delay", "0", mayBeMissing: true);
            }

            // Answers for others wait up to 0.8 s by default (arp(7), proxy_delay), for the owner to be first; here the owner is never asked.
            Write($"/proc/sys/net/ipv4/neigh/{shape.Name}/proxy_delay", "0", mayBeMissing: false);
        }
    }

    private static Link Make(NetlinkSocket routes, BridgeShape shape)
    {
        // An address of its own: one that was not given follows the lowest of the ports (br_stp_recalculate_bridge_id in net/bridge/br_stp_if.c), and
        // containers would lose their gateway for a while whenever a port comes or goes.
        Span<byte> random = stackalloc byte[4];
        Random.Shared.NextBytes(random);
        try
        {
            routes.Execute(new NetlinkBatch().AddBridge(shape.Name, [0x02, 0x42, .. random], shape.Mtu).AcknowledgeLast());
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            // Somebody was faster; the shape is checked below in either case.
        }

        return routes.FindLink(shape.Name) ?? throw EngineException.Internal($"the bridge {shape.Name} went while it was made");
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static void Write(string path, string value, bool mayBeMissing)
    {
        try
        {
            using FileDescriptor file = FileDescriptor.Open(path, Libc.O_WRONLY);
            FileWrite.All(file, Encoding.ASCII.GetBytes(value + "\n"), path);
        }
        catch (LinuxException e) when (mayBeMissing && e.Errno == Errno.ENOENT)
        {
            // A kernel without IPv6.
        }
    }
}
