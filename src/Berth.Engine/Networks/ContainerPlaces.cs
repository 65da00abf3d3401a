using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Ports;
using Berth.Network;

namespace Berth.Engine.Networks;

/// <summary>Where containers are on networks, as the API shows it.</summary>
internal sealed class ContainerPlaces(NetworkService networks)
{
    /// <summary>By the network's name: what the container wanted, and what it has while it runs.</summary>
    public IReadOnlyDictionary<string, EndpointSettings> Networks(ContainerRecord record)
    {
        IReadOnlyList<Endpoint> endpoints = Endpoints(record);
        return record.Networks.GroupBy(n => networks.Find(n.Key)?.Name ?? n.Key).ToDictionary(g => g.Key, g => Settings(record, g.Key, g.First().Value, endpoints));
    }

    /// <summary>NetworkSettings of inspect: the default bridge's place stands outside of the list as well.</summary>
    public NetworkSettings Settings(ContainerRecord record)
    {
        string? defaultId = networks.Find("bridge")?.Id;
        Endpoint? first = Endpoints(record).FirstOrDefault(e => e.NetworkId == defaultId);
        return new NetworkSettings
        {
            Bridge = "",
            SandboxID = SandboxId(record),
            SandboxKey = record.Pid > 0 ? string.Create(CultureInfo.InvariantCulture, $"/proc/{record.Pid}/ns/net") : "",
            Ports = HasPorts(record) ? PortBindings.Shape(networks.Ports.Of(record.Id), record.Document.Config) : new Dictionary<string, IReadOnlyList<PortBinding>?>(),
            LinkLocalIPv6Address = "",
            EndpointID = first?.Id ?? "",
            Gateway = first?.Gateway?.ToString() ?? "",
            IPAddress = first?.Address?.ToString() ?? "",
            IPPrefixLen = first?.PrefixLength ?? 0,
            MacAddress = first?.MacAddress.ToString() ?? "",
            GlobalIPv6Address = first?.Ipv6Address?.ToString() ?? "",
            GlobalIPv6PrefixLen = first?.Ipv6PrefixLength ?? 0,
            IPv6Gateway = first?.Ipv6Gateway?.ToString() ?? "",
            Networks = Networks(record),
        };
    }

    /// <summary>
    /// 64 hex digits, one for each life of a container: of its first process, so that a daemon that starts meanwhile says the same. Empty where it does not
    /// run or shares another's network, as with Docker.
    /// </summary>
    internal static string SandboxId(ContainerRecord record) => record.Pid > 0 && JoinedNamespaces.Target(record.Document.HostConfig.NetworkMode) is null
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"network sandbox {record.Id} {record.Pid} {record.PidStartTime}"))))
        : "";

    /// <summary>Ports of a row of ps.</summary>
    public IReadOnlyList<PortSummary> Ports(ContainerRecord record) => HasPorts(record) ? PortBindings.Rows(networks.Ports.Of(record.Id), record.Document.Config) : [];

    /// <summary>Where ports could be published, those that are only exposed are shown too: on bridges, not on the host's network or none.</summary>
    private bool HasPorts(ContainerRecord record) => Endpoints(record).Any(e => networks.Find(e.NetworkId)?.Driver == NetworkDrivers.Bridge);

    private IReadOnlyList<Endpoint> Endpoints(ContainerRecord record) => record.Pid > 0 ? networks.Endpoints.Of(record.Id) : [];

    private EndpointSettings Settings(ContainerRecord record, string key, EndpointSettings wanted, IReadOnlyList<Endpoint> endpoints)
    {
        Network.Network? network = networks.Find(key);
        return NetworkShapes.Settings(
            wanted, endpoints.FirstOrDefault(e => e.NetworkId == network?.Id), network?.Id, network?.ResolvesNames == true ? ContainerNetworks.NamesOf(record, wanted) : null);
    }
}
