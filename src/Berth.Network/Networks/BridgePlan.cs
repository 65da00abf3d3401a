using System.Net;
using System.Net.Sockets;

using Berth.Network.Addresses;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>What the default bridge is to look like.</summary>
/// <param name="Name">The link.</param>
/// <param name="Address">Its own address, the containers' gateway.</param>
/// <param name="Mtu">Bytes.</param>
/// <param name="InterContainer">Containers on it reach each other.</param>
internal sealed record BridgePlan(string Name, BridgeAddress Address, int Mtu, bool InterContainer = true)
{
    public BridgeShape Shape { get; } = new(Name, [(Address.Address, Address.PrefixLength)], Mtu, Ipv6: false, InterContainer);

    private const int LongestName = 15; // IFNAMSIZ with its zero

    /// <summary>Decides, in this order: --bip, what was chosen before, what an existing bridge has, the first subnet nobody on this host uses.</summary>
    /// <param name="options">The daemon's.</param>
    /// <param name="stored">What the database keeps from an earlier start.</param>
    /// <param name="inUse">Containers have addresses of it: it stays, whatever the host's routes have become.</param>
    /// <param name="host">What stands on the host now.</param>
    public static BridgePlan Choose(NetworkOptions options, BridgeAddress? stored, bool inUse, HostNetworks host)
    {
        CheckName(options.BridgeName);
        IReadOnlyList<IPNetwork> taken = [.. host.AllSubnets(options.BridgeName)];
        if (options.BridgeAddress is { } named && host.OwnSubnets(options.BridgeName).FirstOrDefault(own => IpNumber.Overlap(own.Subnet, named.Subnet)) is { Link: { } link } own)
        {
            throw EngineException.Invalid($"--bip {named} overlaps {own.Subnet}, which this host has on {link}: the host would lose its way there; name another");
        }

        BridgeAddress? kept = stored is not null && (inUse || !taken.Any(other => IpNumber.Overlap(stored.Subnet, other))) ? stored : null;
        BridgeAddress address = options.BridgeAddress ?? kept ?? (stored is null ? host.AddressOf(options.BridgeName) : null)
            ?? (DefaultPools.FirstFree(options.AddressPools, AddressFamily.InterNetwork, taken) is { } pool ? new BridgeAddress(IpNumber.First(pool), pool.PrefixLength) : null)
            ?? throw EngineException.Unavailable(
                $"every subnet a bridge could get overlaps an address or route of this host; name one that does not: --bip ADDRESS/LENGTH");
        return new BridgePlan(options.BridgeName, address, options.Mtu ?? host.OutwardMtu(options.BridgeName), options.InterContainer);
    }

    /// <summary>dev_valid_name in net/core/dev.c, without characters that would be awkward in a firewall table's name.</summary>
    internal static bool IsLinkName(string name) =>
        name.Length is > 0 and <= LongestName && name is not ("." or "..") && !name.Any(c => c is '/' or ':' or '"' or <= ' ' or > '~');

    private static void CheckName(string name)
    {
        if (!IsLinkName(name))
        {
            throw EngineException.Invalid($"\"{name}\" cannot be a bridge's name: 1 to {LongestName} printable characters without space, slash, colon and quote are wanted");
        }
    }
}
