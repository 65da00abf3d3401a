using System.Net;
using System.Net.Sockets;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Links;
using Berth.Network.Addresses;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Networks;

/// <summary>On which networks a container wants to be, and as what. Pure.</summary>
internal static class ContainerNetworks
{
    private const int ShortId = 12;

    private static readonly IPNetwork Ipv4LinkLocal = new(new IPAddress([169, 254, 0, 0]), 16); // RFC 3927
    private static readonly Dictionary<string, EndpointSettings> Nowhere = [];

    /// <summary>What a create request comes to: by the network's name as it was given.</summary>
    /// <exception cref="EngineException">Invalid: settings that do not go together.</exception>
    public static IReadOnlyDictionary<string, EndpointSettings> Of(ContainerCreateRequest request, HostConfig host, bool disabled)
    {
        string mode = disabled ? "none" : host.NetworkMode ?? "bridge";
        Dictionary<string, EndpointSettings> asked = (request.NetworkingConfig?.EndpointsConfig ?? Nowhere)
            .Where(_ => !disabled).GroupBy(e => e.Key == "default" ? "bridge" : e.Key).ToDictionary(g => g.Key, g => Wanted(g.First().Value));
        if (JoinedNamespaces.Target(mode) is not null)
        {
            return asked.Count == 0 ? Nowhere : throw EngineException.Invalid("conflicting options: a container that shares another's network cannot have networks of its own");
        }

        if (mode is "host" or "none" && asked.Keys.Any(n => n != mode))
        {
            throw EngineException.Invalid($"conflicting options: cannot attach both user-defined and non-user-defined network-modes: {mode} with {string.Join(", ", asked.Keys.Where(n => n != mode))}");
        }

        EndpointSettings first = asked.GetValueOrDefault(mode) ?? new EndpointSettings();
        if (!string.IsNullOrEmpty(request.MacAddress))
        {
            first = string.IsNullOrEmpty(first.MacAddress) || first.MacAddress == request.MacAddress
                ? first with { MacAddress = request.MacAddress }
                : throw EngineException.Invalid("the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be omitted");
        }

        asked[mode] = IsUserDefined(mode) ? RequestedLinks.OnNetwork(first, host.Links) : first;
        if (asked.TryGetValue("bridge", out EndpointSettings? onBridge))
        {
            asked["bridge"] = onBridge with { Links = null }; // the container keeps these: CreatePlan
        }

        foreach ((string network, EndpointSettings settings) in asked)
        {
            Check(network, settings);
        }

        return asked;
    }

    /// <summary>What a create request wants on the default bridge; null: nothing in particular.</summary>
    public static EndpointSettings? OnDefaultBridge(ContainerCreateRequest request) =>
        (request.NetworkingConfig?.EndpointsConfig ?? Nowhere).FirstOrDefault(e => e.Key is "bridge" or "default").Value;

    /// <summary>The networks of a container, the one of its mode first: that is the order of its interfaces.</summary>
    public static IEnumerable<KeyValuePair<string, EndpointSettings>> Ordered(ContainerRecord record)
    {
        string mode = record.Document.HostConfig.NetworkMode ?? "bridge";
        return record.Networks.OrderBy(n => n.Key != mode).ThenBy(n => n.Key, StringComparer.Ordinal);
    }

    /// <summary>What one of them comes to for the network service.</summary>
    public static EndpointRequest RequestOf(ContainerRecord record, string network, EndpointSettings settings) => new()
    {
        Network = network,
        Address = Address(settings.IPAMConfig?.IPv4Address, AddressFamily.InterNetwork),
        Ipv6Address = Address(settings.IPAMConfig?.IPv6Address, AddressFamily.InterNetworkV6),
        LinkLocal = [.. (settings.IPAMConfig?.LinkLocalIPs ?? []).Select(IPAddress.Parse)],
        MacAddress = MacAddress.TryParse(settings.MacAddress ?? "", out MacAddress? mac) ? mac : null,
        Names = NamesOf(record, settings),
        GatewayPriority = (int)(settings.GwPriority ?? 0),
        Options = EndpointOptions.Parse(settings.DriverOpts),
    };

    /// <summary>What others on a network may call the container.</summary>
    public static IReadOnlyList<string> NamesOf(ContainerRecord record, EndpointSettings settings)
    {
        string id = record.Id[..ShortId], hostname = record.Document.Config.Hostname ?? "";
        return [.. new[] { record.Name }.Concat(settings.Aliases ?? []).Append(id).Append(hostname).Where(n => n.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Settings for one network, whoever asks for them.</summary>
    /// <exception cref="EngineException">Invalid: names the setting.</exception>
    public static void Check(string network, EndpointSettings settings)
    {
        bool userDefined = IsUserDefined(network);
        if (!userDefined && (!string.IsNullOrEmpty(settings.IPAMConfig?.IPv4Address) || !string.IsNullOrEmpty(settings.IPAMConfig?.IPv6Address)))
        {
            throw EngineException.Invalid("user specified IP address is supported on user defined networks only");
        }

        if (!userDefined && settings.Aliases is { Count: > 0 })
        {
            throw EngineException.Invalid("network-scoped alias is supported only for containers in user defined networks");
        }

        if (!userDefined && settings.Links is { Count: > 0 })
        {
            throw EngineException.Invalid($"links on network {network} are made with the container (--link of run and create) or on user defined networks");
        }

        LinkSpec.ParseAll(settings.Links ?? []);
        CheckAddress(settings.IPAMConfig?.IPv4Address, AddressFamily.InterNetwork, "IPv4");
        CheckAddress(settings.IPAMConfig?.IPv6Address, AddressFamily.InterNetworkV6, "IPv6");
        foreach (string address in settings.IPAMConfig?.LinkLocalIPs ?? [])
        {
            _ = AddressText.TryParse(address, out IPAddress? parsed) && (parsed.IsIPv6LinkLocal || Ipv4LinkLocal.Contains(parsed))
                ? true
                : throw EngineException.Invalid($"invalid link local IP address: {address}: one of {Ipv4LinkLocal} or fe80::/10 is wanted");
        }

        if (!string.IsNullOrEmpty(settings.MacAddress) && !MacAddress.TryParse(settings.MacAddress, out _))
        {
            throw EngineException.Invalid($"invalid MAC address: {settings.MacAddress}");
        }

        _ = EndpointOptions.Parse(settings.DriverOpts);
        if (settings.DriverOpts is { Count: > 0 } options && network is "host" or "none")
        {
            throw EngineException.Invalid($"conflicting options: {options.Keys.First()} and the network mode: the container has no interface of its own on the network {network}");
        }
    }

    /// <summary>Of what clients send: what was wanted, without what a daemon answers.</summary>
    public static EndpointSettings Wanted(EndpointSettings? sent) => new()
    {
        IPAMConfig = sent?.IPAMConfig is { } ipam && (!string.IsNullOrEmpty(ipam.IPv4Address) || !string.IsNullOrEmpty(ipam.IPv6Address) || ipam.LinkLocalIPs is { Count: > 0 }) ? ipam : null,
        Links = sent?.Links is { Count: > 0 } links ? links : null,
        Aliases = sent?.Aliases is { Count: > 0 } aliases ? [.. aliases.Distinct()] : null,
        MacAddress = string.IsNullOrEmpty(sent?.MacAddress) ? null : sent.MacAddress,
        DriverOpts = sent?.DriverOpts is { Count: > 0 } options ? options : null,
        GwPriority = sent?.GwPriority is 0 ? null : sent?.GwPriority,
    };

    private static bool IsUserDefined(string network) => network is not ("bridge" or "host" or "none");

    private static void CheckAddress(string? text, AddressFamily family, string name)
    {
        if (!string.IsNullOrEmpty(text) && Address(text, family) is null)
        {
            throw EngineException.Invalid($"invalid {name} address: {text}");
        }
    }

    private static IPAddress? Address(string? text, AddressFamily family) =>
        AddressText.TryParse(text, out IPAddress? address) && address.AddressFamily == family ? address : null;
}
