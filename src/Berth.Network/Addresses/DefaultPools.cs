using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Addresses;

/// <summary>The private subnets a bridge may get when nobody names one.</summary>
internal static class DefaultPools
{
    /// <summary>
    /// The ranges Docker uses too, from the other end: beside it neither takes what the other would choose first. 172.31 comes
    /// late because clouds number their hosts from it.
    /// </summary>
    public static IReadOnlyList<IPNetwork> Subnets { get; } =
    [
        .. Enumerable.Range(0, 14).Select(i => Ipv4.Subnet(0xAC1E0000u - ((uint)i << 16), 16)), // 172.30 down to 172.17
        .. Enumerable.Range(0, 16).Select(i => Ipv4.Subnet(0xC0A8F000u - ((uint)i << 12), 20)), // 192.168.240 down to 192.168.0
        Ipv4.Subnet(0xAC1F0000u, 16),
    ];

    /// <summary>The first subnet of a family that overlaps none of those taken; null: there is none.</summary>
    public static IPNetwork? FirstFree(IReadOnlyList<IPNetwork> pools, AddressFamily family, IReadOnlyList<IPNetwork> taken)
    {
        foreach (IPNetwork pool in pools)
        {
            if (pool.BaseAddress.AddressFamily == family && !taken.Any(other => IpNumber.Overlap(pool, other)))
            {
                return pool;
            }
        }

        return null;
    }
}
