using System.Globalization;

using Berth.Linux.Netlink;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>The host's interface that a macvlan or ipvlan network stands on. Pure.</summary>
/// <param name="Name">The link.</param>
/// <param name="Made">It comes and goes with the network.</param>
/// <param name="Children">What containers get.</param>
/// <param name="Mtu">Of theirs, bytes; 0: the parent's.</param>
internal sealed record ParentLink(string Name, bool Made, LinkKind Children, int Mtu)
{
    private const int ShortId = 12, LongestTag = 4094; // 802.1Q: 0 and 4095 are reserved

    /// <summary>Containers' interfaces have the parent's hardware address.</summary>
    public bool SharesAddress => Children is LinkKind.Ipvlan or LinkKind.Macvlan { Mode: MacvlanMode.Passthru };

    /// <summary>Of a network that exists.</summary>
    public static ParentLink Of(Network network) => new(
        Named(network.Options) ?? DummyName(network.Id), network.MadeLink is not null, ChildrenOf(network.Driver, network.Options), ParentOptions.Check(network.Driver, network.Options).Mtu ?? 0);

    /// <summary>What a new network stands on; the second part is the link to be made for it, null where the parent is there.</summary>
    /// <exception cref="EngineException">NotFound: no such interface. Conflict: it is used otherwise.</exception>
    public static (string Parent, string? Made) Choose(string driver, IReadOnlyDictionary<string, string> options, string id, IReadOnlyList<Network> existing, IReadOnlyList<Link> links)
    {
        if (Named(options) is not { } parent)
        {
            return (DummyName(id), DummyName(id));
        }

        if (parent == "lo")
        {
            throw EngineException.Invalid($"loopback interface is not a valid {driver} parent link: name an Ethernet interface (-o parent=NAME)");
        }

        foreach (Network other in existing.Where(n => n.Driver is NetworkDrivers.Macvlan or NetworkDrivers.Ipvlan && !n.ConfigOnly && Of(n).Name == parent))
        {
            CheckShared(driver, options, parent, other);
        }

        if (links.Any(l => l.Name == parent))
        {
            return (parent, null);
        }

        return TaggedOf(parent) is { } tagged && links.Any(l => l.Name == tagged.Base)
            ? (parent, parent)
            : throw EngineException.NotFound($"the parent interface {parent} was not found on this host: name one that exists, or INTERFACE.TAG (e.g. eth0.10) for a VLAN that is made with the network");
    }

    /// <summary>"eth0.10": the interface and the tag of a VLAN; null: no such name.</summary>
    public static (string Base, ushort Tag)? TaggedOf(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot > 0 && ushort.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort tag) && tag is >= 1 and <= LongestTag
            ? (name[..dot], tag)
            : null;
    }

    private static void CheckShared(string driver, IReadOnlyDictionary<string, string> options, string parent, Network other)
    {
        LinkKind wanted = ChildrenOf(driver, options), there = ChildrenOf(other.Driver, other.Options);
        if (wanted != there || wanted is LinkKind.Macvlan { Mode: MacvlanMode.Passthru })
        {
            throw EngineException.Conflict($"network {other.Name} is already using parent interface {parent} as {Text(there)}: {Text(wanted)} cannot stand beside it; name another parent");
        }

        if (other.MadeLink is not null)
        {
            throw EngineException.Conflict($"network {other.Name} is already using parent interface {parent}, which was made for it and goes with it; name another parent");
        }
    }

    private static string Text(LinkKind kind) => kind switch
    {
        LinkKind.Macvlan macvlan => $"macvlan ({macvlan.Mode.ToString().ToLowerInvariant()})",
        LinkKind.Ipvlan ipvlan => $"ipvlan ({ipvlan.Mode.ToString().ToLowerInvariant()}, {ipvlan.Flag.ToString().ToLowerInvariant()})",
        _ => kind.Name,
    };

    private static string? Named(IReadOnlyDictionary<string, string> options)
    {
        string? name = options.GetValueOrDefault(ParentOptions.Parent) ?? options.GetValueOrDefault(ParentOptions.LongParent);
        return string.IsNullOrEmpty(name) ? null : name;
    }

    // Docker's name for it.
    private static string DummyName(string id) => $"dm-{id[..ShortId]}";

    private static LinkKind ChildrenOf(string driver, IReadOnlyDictionary<string, string> options)
    {
        string? mode = options.GetValueOrDefault(ParentOptions.ModeKey(driver));
        if (driver == NetworkDrivers.Macvlan)
        {
            return new LinkKind.Macvlan(string.IsNullOrEmpty(mode) ? MacvlanMode.Bridge : Enum.Parse<MacvlanMode>(mode, ignoreCase: true));
        }

        string? flag = options.GetValueOrDefault(ParentOptions.FlagKey);
        return new LinkKind.Ipvlan(
            string.IsNullOrEmpty(mode) ? IpvlanMode.L2 : Enum.Parse<IpvlanMode>(mode, ignoreCase: true),
            string.IsNullOrEmpty(flag) ? IpvlanFlag.Bridge : Enum.Parse<IpvlanFlag>(flag, ignoreCase: true));
    }
}
