using System.Net;
using System.Net.Sockets;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Links;
using Berth.Engine.Networks.Checks;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Networks;

/// <summary>Collects what tells whether one container reaches another.</summary>
public sealed class NetworkCheck
{
    private const string HostStack = "host";

    private readonly ContainerRegistry _registry;
    private readonly NetworkService _networks;

    internal NetworkCheck(ContainerRegistry registry, NetworkService networks) => (_registry, _networks) = (registry, networks);

    /// <param name="from">Name or id of who asks.</param>
    /// <param name="to">Of whom it wants to reach.</param>
    /// <param name="port">"80/tcp"; null: no port in particular.</param>
    /// <exception cref="EngineException">NotFound: no such container. Invalid: no such port.</exception>
    public async Task<NetworkCheckResponse> RunAsync(string from, string to, string? port)
    {
        CheckedPort? wanted = CheckedPort.Parse(port);
        ContainerRecord asking = _registry.Find(from).Record, asked = _registry.Find(to).Record;
        HostObservation host = await _networks.Observer.HostAsync();
        var facts = new ReachabilityFacts
        {
            From = await FoundAsync(asking, host),
            To = await FoundAsync(asked, host),
            Foreign = host.Foreign,
            Port = wanted,
            Listening = wanted is not null && ProcessIdentity.IsAlive(asked.Pid, asked.PidStartTime) ? ListeningSockets.Of(asked.Pid) : [],
            LinkAliases = Aliases(asking, asked),
            FirewallTable = host.FirewallTable,
            FirewallPresent = host.FirewallPresent,
        };
        ReachabilityReport report = Reachability.Of(facts);
        return new NetworkCheckResponse
        {
            From = asking.Name,
            To = asked.Name,
            Reachable = report.Reachable,
            Steps = [.. report.Steps.Select(s => new NetworkCheckStep { Check = s.Check, Passed = s.Passed, Detail = s.Detail })],
            Advice = report.Advice,
        };
    }

    private async Task<CheckedContainer> FoundAsync(ContainerRecord record, HostObservation host)
    {
        ContainerRecord owner = JoinedNamespaces.NetworkOwner(record, _registry);
        IReadOnlyList<IPAddress>? present = await AddressesAsync(owner);
        bool inHost = owner.Document.HostConfig.NetworkMode == "host";
        return new CheckedContainer
        {
            Name = record.Name,
            State = record.Phase is Phase.Running or Phase.Stopping ? "running" : record.Phase.ToString().ToLowerInvariant(),
            Stack = inHost ? HostStack : owner.Id,
            InHost = inHost,
            Places = [.. _networks.Endpoints.Of(owner.Id).Select(e => Place(e, host, present)).OfType<CheckedPlace>()],
            Published = _networks.Ports.Of(owner.Id),
            Exposed = [.. ExposedPort.Of(owner.Document.Config.ExposedPorts?.Keys).Select(p => new CheckedPort(p.Number, p.Kind))],
        };
    }

    // Null: it does not run, or ended while we looked.
    private async Task<IReadOnlyList<IPAddress>?> AddressesAsync(ContainerRecord owner)
    {
        if (!ProcessIdentity.IsAlive(owner.Pid, owner.PidStartTime))
        {
            return null;
        }

        try
        {
            using FileDescriptor space = FileDescriptor.Open($"/proc/{owner.Pid}/ns/net", Libc.O_RDONLY);
            return await _networks.Observer.AddressesAsync(space);
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    private CheckedPlace? Place(Endpoint endpoint, HostObservation host, IReadOnlyList<IPAddress>? present)
    {
        if (_networks.Find(endpoint.NetworkId) is not { } network)
        {
            return null;
        }

        NetworkPolicy policy = NetworkPolicy.Of(network);
        Link? bridge = host.Links.FirstOrDefault(l => l.Name == network.Bridge);
        return new CheckedPlace
        {
            Network = network.Name,
            Driver = network.Driver,
            Internal = network.Internal,
            InterContainer = policy.InterContainer,
            EgressLimited = policy.EgressLimited,
            ResolvesNames = network.ResolvesNames,
            Address = endpoint.Address,
            Ipv6Address = endpoint.Ipv6Address,
            Lost = present is null ? [] : [.. new[] { endpoint.Address, endpoint.Ipv6Address }.OfType<IPAddress>().Except(present)],
            Opened = [.. endpoint.Ports.Where(p => !p.OnHost)],
            Unprotected = policy.Unprotected,
            HostAddress = network.Bridge is null ? null : network.Subnets.FirstOrDefault(s => s.Gateway?.AddressFamily == AddressFamily.InterNetwork)?.Gateway,
            Names = endpoint.Names,
            Interface = endpoint.Interface,
            HostInterface = endpoint.HostInterface,
            Bridge = network.Bridge,
            BridgeIsUp = network.Bridge is null || bridge?.IsUp == true,
            Link = endpoint.HostInterface is null ? PlaceLink.Attached : LinkOf(host.Links.FirstOrDefault(l => l.Name == endpoint.HostInterface), bridge),
        };
    }

    private static PlaceLink LinkOf(Link? link, Link? bridge) => link switch
    {
        null => PlaceLink.Missing,
        _ when bridge is not null && link.Master != bridge.Index => PlaceLink.Detached,
        { IsUp: false } => PlaceLink.Down,
        { HasCarrier: false } => PlaceLink.NoCarrier,
        _ => PlaceLink.Attached,
    };

    // On the default bridge links are kept by id, on other networks by one of the target's names there.
    private List<string> Aliases(ContainerRecord from, ContainerRecord to)
    {
        HashSet<string> names = new(_networks.Endpoints.Of(to.Id).SelectMany(e => e.Names).Append(to.Name), StringComparer.OrdinalIgnoreCase);
        return
        [
            .. (from.Status.Links ?? []).Where(l => l.Target == to.Id).Select(l => l.Alias)
                .Concat(from.Networks.Values.SelectMany(LinkAliases.Of).Where(l => names.Contains(l.Value)).Select(l => l.Key)).Distinct(),
        ];
    }
}
