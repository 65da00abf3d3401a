using Berth.Linux.Netlink;
using Berth.Network.Addresses;

namespace Berth.Network.Endpoints;

/// <summary><see cref="AnswerPath"/>s in the kernel: a rule and a table of their own in the container's namespace. Called inside it.</summary>
internal static class AnswerRoutes
{
    /// <summary>Routing table, and its rules' priority: behind the container's own addresses (0), before its routes (32766). "br".</summary>
    private const int Table = 0x6272, Priority = 30_000;

    /// <summary>Puts these in place of those that stand.</summary>
    public static void Replace(NetlinkSocket inside, IReadOnlyCollection<AnswerPath> paths)
    {
        PolicyRule[] wanted = [.. paths.Select(Rule)], standing = [.. inside.PolicyRules().Where(r => r.Table == Table)];
        if (wanted.Length + standing.Length == 0)
        {
            return;
        }

        List<Link> links = inside.Links();
        var batch = new NetlinkBatch();
        foreach (PolicyRule rule in standing.Except(wanted))
        {
            batch.DeleteRule(rule);
        }

        foreach (Route route in inside.Routes(Table))
        {
            batch.DeleteRoute(route);
        }

        foreach (AnswerPath path in paths)
        {
            if (links.FirstOrDefault(l => l.Name == path.Interface) is { } link)
            {
                batch.AddRoute(new Route(IpNumber.Subnet(path.Source, path.PrefixLength).BaseAddress, path.PrefixLength, null, link.Index, Table))
                    .AddRoute(new Route(null, 0, path.Gateway, link.Index, Table))
                    .AddRule(Rule(path));
            }
        }

        if (!batch.IsEmpty)
        {
            inside.Execute(batch.AcknowledgeLast());
        }
    }

    private static PolicyRule Rule(AnswerPath path) => new(path.Source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6, Priority, Table, Source: path.Source);
}
