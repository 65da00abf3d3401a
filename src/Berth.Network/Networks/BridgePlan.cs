using System.Net;
using System.Net.Sockets;

using Berth.Network.Addresses;
using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>What the default bridge is to look like.</summary>
/// <param name="Name">The link.</param>
/// <param name="Address">Its own address, the containers' gateway.</param>
/// <param name="Mtu">Bytes: of its containers' interfaces, and its own where it is ours.</param>
/// <param name="InterContainer">Containers on it reach each other.</param>
internal sealed record BridgePlan(string Name, BridgeAddress Address, int Mtu, bool InterContainer = true)
{
    /// <summary>Its own IPv6 address; null: it speaks none.</summary>
    public BridgeAddress? Ipv6Address { get; init; }

    /// <summary>The one it had when it spoke IPv6 last.</summary>
    public BridgeAddress? KeptIpv6Address { get; init; }

    /// <summary>Where containers get their addresses from; null: the whole subnet.</summary>
    public IPNetwork? Range { get; init; }

    public IPNetwork? Ipv6Range { get; init; }

    /// <summary>Whom containers send through instead of the bridge.</summary>
    public IPAddress? DefaultGateway { get; init; }

    public IPAddress? DefaultIpv6Gateway { get; init; }

    /// <summary>Where ports are published that name no address of the host; null: everywhere.</summary>
    public IPAddress? HostBinding { get; init; }

    /// <summary>It is an administrator's: the addresses it had before a daemon used it first. Null: it is ours.</summary>
    public IReadOnlyList<string>? Found { get; init; }

    /// <summary>What is left under former names.</summary>
    public IReadOnlyList<FormerBridge> Former { get; init; } = [];

    /// <summary>What the options ask for and does not hold yet, since containers live on the bridge as it is; null: all of it holds.</summary>
    public string? Later { get; init; }

    public IPAddress Gateway => DefaultGateway ?? Address.Address;

    public IPAddress? Ipv6Gateway => Ipv6Address is null ? null : DefaultIpv6Gateway ?? Ipv6Address.Address;

    public BridgeShape Shape => new(
        Name,
        [(Address.Address, Address.PrefixLength), .. Ipv6Address is null ? [] : ((IPAddress, int)[])[(Ipv6Address.Address, Ipv6Address.PrefixLength)]],
        Mtu,
        Ipv6: Ipv6Address is not null,
        InterContainer,
        Found);

    private const int LongestName = 15; // IFNAMSIZ with its zero

    /// <summary>Decides, in this order: --bip, what was chosen before, what an existing bridge has, --fixed-cidr, the first subnet nobody on this host uses.</summary>
    /// <param name="options">The daemon's.</param>
    /// <param name="stored">What the database keeps from an earlier start.</param>
    /// <param name="inUse">Containers have addresses of it: it stays, whatever the host's routes have become.</param>
    /// <param name="host">What stands on the host now.</param>
    /// <param name="storedIpv6">As <paramref name="stored"/>.</param>
    /// <param name="made">Subnets of other networks of this daemon.</param>
    /// <param name="ipv6InUse">As <paramref name="inUse"/>.</param>
    /// <param name="former">What the database keeps of the bridge of that name; null: no earlier start had it, and if it is there it is somebody else's.</param>
    /// <exception cref="EngineException">Invalid: options that do not go together; Unavailable: there is no free subnet.</exception>
    public static BridgePlan Choose(
        NetworkOptions options, BridgeAddress? stored, bool inUse, HostNetworks host, BridgeAddress? storedIpv6 = null, IReadOnlyList<IPNetwork>? made = null, bool ipv6InUse = false,
        NetworkDocument? former = null)
    {
        CheckName(options.BridgeName);
        IReadOnlyList<IPNetwork> taken = [.. host.AllSubnets(options.BridgeName), .. made ?? []];
        BridgeAddress address = ChooseIpv4(options, stored, inUse, host, taken);
        BridgeAddress? six = ChooseIpv6(options, storedIpv6, inUse, host, taken);
        CheckParts(options, address, six);
        IReadOnlyList<string>? present = host.AddressesOf(options.BridgeName), found = present is null ? null : former is null ? present : former.FoundBridge;
        int outward = host.OutwardMtu(options.BridgeName);
        int mtu = options.Mtu ?? (found is null ? outward : Math.Min(outward, host.Links.First(l => l.Name == options.BridgeName).Mtu));
        var plan = new BridgePlan(options.BridgeName, address, mtu, options.InterContainer)
        {
            Found = found,
            Ipv6Address = six,
            KeptIpv6Address = storedIpv6,
            Range = options.Range,
            Ipv6Range = six is null ? null : options.Ipv6Range,
            DefaultGateway = options.DefaultGateway,
            DefaultIpv6Gateway = six is null ? null : options.DefaultIpv6Gateway,
            HostBinding = options.HostBinding is { } binding && !binding.Equals(IPAddress.Any) ? binding : null,
        };
        return plan.Keeping(inUse ? stored : null, ipv6InUse ? storedIpv6 : null);
    }

    // Containers that live on it have their way out by the address it has: dockerd's live-restore takes no other one either then.
    private BridgePlan Keeping(BridgeAddress? present, BridgeAddress? presentIpv6)
    {
        BridgePlan plan = this;
        List<string> later = [];
        if (present is not null && present != Address)
        {
            later.Add(Address.ToString());
            plan = plan with
            {
                Address = present,
                Range = Range is { } range && Holds(present.Subnet, range) ? range : null,
                DefaultGateway = DefaultGateway is { } gateway && present.Subnet.Contains(gateway) ? gateway : null,
            };
        }

        if (presentIpv6 is not null && presentIpv6 != Ipv6Address)
        {
            later.Add(Ipv6Address?.ToString() ?? "no IPv6");
            plan = plan with
            {
                Ipv6Address = presentIpv6,
                Ipv6Range = Ipv6Range is { } range && Holds(presentIpv6.Subnet, range) ? range : null,
                DefaultIpv6Gateway = DefaultIpv6Gateway is { } gateway && presentIpv6.Subnet.Contains(gateway) ? gateway : null,
            };
        }

        return later.Count == 0 ? plan : plan with { Later = string.Join(" and ", later) };
    }

    private static BridgeAddress ChooseIpv4(NetworkOptions options, BridgeAddress? stored, bool inUse, HostNetworks host, IReadOnlyList<IPNetwork> taken)
    {
        if (options.BridgeAddress is { } named)
        {
            return NotElsewhere("--bip", named, options, host);
        }

        BridgeAddress? kept = stored is not null && (inUse || !taken.Any(other => IpNumber.Overlap(stored.Subnet, other))) ? stored : null;
        kept ??= stored is null ? host.AddressOf(options.BridgeName) : null;
        if (options.Range is { } range && (kept is null || !Holds(kept.Subnet, range)))
        {
            return NotElsewhere("--fixed-cidr", BridgeAddress.FirstOf(range), options, host);
        }

        return kept ?? (DefaultPools.FirstFree(options.AddressPools, AddressFamily.InterNetwork, taken) is { } pool ? BridgeAddress.FirstOf(pool) : null)
            ?? throw EngineException.Unavailable("every subnet a bridge could get overlaps an address or route of this host; name one that does not: --bip ADDRESS/LENGTH");
    }

    private static BridgeAddress? ChooseIpv6(NetworkOptions options, BridgeAddress? stored, bool inUse, HostNetworks host, IReadOnlyList<IPNetwork> taken)
    {
        if (!options.EnableIpv6)
        {
            return options is { Ipv6Range: null, BridgeIpv6Address: null, DefaultIpv6Gateway: null }
                ? null
                : throw EngineException.Invalid("--bip6, --fixed-cidr-v6 and --default-gateway-v6 are for a default bridge with IPv6: add --ipv6");
        }

        if (options.BridgeIpv6Address is { } named)
        {
            return NotElsewhere("--bip6", named, options, host);
        }

        BridgeAddress? kept = stored is not null && (inUse || !taken.Any(other => IpNumber.Overlap(stored.Subnet, other))) ? stored : null;
        return options.Ipv6Range is { } range && (kept is null || !Holds(kept.Subnet, range))
            ? NotElsewhere("--fixed-cidr-v6", BridgeAddress.FirstOf(range), options, host)
            : kept ?? BridgeAddress.FirstOf(SubnetChoice.FreeIpv6(options.AddressPools, taken));
    }

    private static BridgeAddress NotElsewhere(string option, BridgeAddress named, NetworkOptions options, HostNetworks host)
    {
        SubnetText.CheckUse(option, named.Subnet);
        return host.OwnSubnets(options.BridgeName).FirstOrDefault(own => IpNumber.Overlap(own.Subnet, named.Subnet)) is { Link: { } link } own
            ? throw EngineException.Invalid($"{option} {named} overlaps {own.Subnet}, which this host has on {link}: the host would lose its way there; name another")
            : named;
    }

    private static void CheckParts(NetworkOptions options, BridgeAddress address, BridgeAddress? six)
    {
        foreach ((string option, IPNetwork? range, BridgeAddress? bridge) in ((string, IPNetwork?, BridgeAddress?)[])[("--fixed-cidr", options.Range, address), ("--fixed-cidr-v6", options.Ipv6Range, six)])
        {
            if (range is { } part && bridge is not null && !Holds(bridge.Subnet, part))
            {
                throw EngineException.Invalid($"{option} {part} does not lie in the default bridge's subnet {bridge.Subnet}");
            }
        }

        foreach ((string option, IPAddress? gateway, BridgeAddress? bridge) in ((string, IPAddress?, BridgeAddress?)[])[("--default-gateway", options.DefaultGateway, address), ("--default-gateway-v6", options.DefaultIpv6Gateway, six)])
        {
            if (gateway is not null && bridge is not null && (!bridge.Subnet.Contains(gateway) || gateway.Equals(bridge.Subnet.BaseAddress)))
            {
                throw EngineException.Invalid($"{option} {gateway} is no address of the default bridge's subnet {bridge.Subnet}");
            }
        }
    }

    private static bool Holds(IPNetwork subnet, IPNetwork part) =>
        subnet.BaseAddress.AddressFamily == part.BaseAddress.AddressFamily && subnet.PrefixLength <= part.PrefixLength && subnet.Contains(part.BaseAddress);

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
