using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>The bridge on the host: made where it is missing, corrected where it differs. Called inside the host's namespace.</summary>
internal static class HostBridge
{
    /// <summary>Brings the bridge into the planned shape and returns its link.</summary>
    /// <param name="routes">Socket of the host's namespace.</param>
    /// <param name="plan">The shape.</param>
    /// <param name="former">An address an earlier start gave it; it goes when the plan has another.</param>
    public static Link Ensure(NetlinkSocket routes, BridgePlan plan, BridgeAddress? former = null)
    {
        Link bridge = routes.FindLink(plan.Name) ?? Make(routes, plan);
        if (bridge.Kind != "bridge")
        {
            throw EngineException.Conflict(
                $"the network interface {plan.Name} exists and is {(bridge.Kind.Length == 0 ? "hardware" : $"a {bridge.Kind}")}, no bridge: remove it, or name another with --bridge");
        }

        // Only IPv4 is spoken on it. With IPv6 left on, a container's router advertisements would reconfigure the host (CVE-2020-13401).
        Write($"/proc/sys/net/ipv6/conf/{plan.Name}/disable_ipv6", "1", mayBeMissing: true);
        Write($"/proc/sys/net/ipv6/conf/{plan.Name}/accept_ra", "0", mayBeMissing: true);
        var changes = new NetlinkBatch();
        if (bridge.Mtu != plan.Mtu)
        {
            changes.SetMtu(bridge.Index, plan.Mtu);
        }

        if (former is not null && former != plan.Address)
        {
            changes.DeleteAddress(new LinkAddress(bridge.Index, former.Address, former.PrefixLength));
        }

        changes.AddAddress(new LinkAddress(bridge.Index, plan.Address.Address, plan.Address.PrefixLength)).SetUp(bridge.Index);
        routes.Execute(changes.AcknowledgeLast());
        return bridge;
    }

    /// <summary>Lets the host pass packets on between its interfaces. Never taken back: others may have come to rely on it.</summary>
    public static void EnableForwarding() => Write("/proc/sys/net/ipv4/ip_forward", "1", mayBeMissing: false);

    /// <summary>Removes interfaces at one go; those that went meanwhile are no error.</summary>
    public static void RemoveLinks(NetlinkSocket routes, IReadOnlyCollection<string> names)
    {
        // One by one costs 25 ms each on an idle machine (the kernel waits for its readers each time), as a group 1 ms.
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

    private static Link Make(NetlinkSocket routes, BridgePlan plan)
    {
        Span<byte> random = stackalloc byte[4];
        Random.Shared.NextBytes(random);
        try
        {
            routes.Execute(new NetlinkBatch().AddBridge(plan.Name, [0x02, 0x42, .. random], plan.Mtu).AcknowledgeLast());
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            // Somebody was faster; the shape is checked below in either case.
        }

        return routes.FindLink(plan.Name) ?? throw EngineException.Internal($"the bridge {plan.Name} went while it was made");
    }

    private static void Write(string path, string value, bool mayBeMissing)
    {
        try
        {
            using FileDescriptor file = FileDescriptor.Open(path, Libc.O_WRONLY);
            FileWrite.All(file, System.Text.Encoding.ASCII.GetBytes(value + "\n"), path);
        }
        catch (LinuxException e) when (mayBeMissing && e.Errno == Errno.ENOENT)
        {
            // A kernel without IPv6.
        }
    }
}
