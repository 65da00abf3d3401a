using System.Globalization;
using System.Net;
using System.Text.Json;

using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Network.Networks;

/// <summary>Networks in the database. The three predefined ones are made with the data root and keep their ids.</summary>
internal static class NetworkRows
{
    private static readonly (string Name, string Driver)[] Predefined =
        [("bridge", NetworkDrivers.Bridge), ("host", NetworkDrivers.Host), ("none", NetworkDrivers.None)];

    /// <summary>The address the default bridge had, and the link that carried it.</summary>
    public static NetworkDocument? StoredBridge(Session session) =>
        session.First("SELECT document FROM networks WHERE name = 'bridge'", static row => Parse(row.GetString(0)));

    /// <summary>The id of the network "bridge"; null before the first start.</summary>
    public static string? DefaultId(Session session) => session.First("SELECT id FROM networks WHERE name = 'bridge'", static row => row.GetString(0));

    /// <summary>Makes the predefined networks where they are missing, records the default bridge's plan, and returns all.</summary>
    public static List<Network> Ensure(Transaction transaction, BridgePlan plan)
    {
        string bridge = Json(new NetworkDocument
        {
            Bridge = plan.Name, Address = plan.Address.ToString(), Ipv6Address = (plan.Ipv6Address ?? plan.KeptIpv6Address)?.ToString(), FoundBridge = plan.Found, FormerBridges = plan.Former.Count > 0 ? plan.Former : null,
        });
        foreach ((string name, string driver) in Predefined)
        {
            TryInsert(transaction, Random.Shared.GetHexString(64, lowercase: true), name, driver, driver == NetworkDrivers.Bridge ? bridge : Json(new NetworkDocument()), Clock.Now());
        }

        transaction.Execute("UPDATE networks SET document = $document WHERE name = 'bridge' AND document <> $document", ("$document", bridge));
        return transaction.Query("SELECT id, name, driver, created, document FROM networks ORDER BY name", row =>
        {
            Network network = Read(row.GetString(0), row.GetString(1), row.GetString(2), Clock.ToTime(row.GetInt64(3)), Parse(row.GetString(4)));
            return network.Name == "bridge" ? Default(network, plan) : network;
        });
    }

    /// <summary>False: the name is taken.</summary>
    public static bool TryInsert(Transaction transaction, Network network) => TryInsert(
        transaction, network.Id, network.Name, network.Driver, Json(DocumentOf(network)), Clock.FromTime(network.Created));

    /// <summary>Its endpoints must be gone.</summary>
    public static void Delete(Transaction transaction, string id) => transaction.Execute("DELETE FROM networks WHERE id = $id", ("$id", id));

    private static bool TryInsert(Transaction transaction, string id, string name, string driver, string document, long created) => transaction.TryInsert(
        "INSERT INTO networks (id, name, driver, document, created) VALUES ($id, $name, $driver, $document, $created)",
        ("$id", id),
        ("$name", name),
        ("$driver", driver),
        ("$document", document),
        ("$created", created));

    private static NetworkDocument DocumentOf(Network network) => new()
    {
        Bridge = network.Bridge,
        Subnets = [.. network.Subnets.Select(SubnetText.Of)],
        EnableIpv4 = network.EnableIpv4,
        EnableIpv6 = network.EnableIpv6,
        Internal = network.Internal,
        Attachable = network.Attachable,
        ConfigOnly = network.ConfigOnly,
        ConfigFrom = network.ConfigFrom,
        FoundBridge = network.FoundBridge,
        MadeLink = network.MadeLink,
        Mtu = network.Mtu,
        Options = network.Options,
        IpamOptions = network.IpamOptions,
        Labels = network.Labels,
    };

    private static Network Read(string id, string name, string driver, DateTimeOffset created, NetworkDocument document) => new()
    {
        Id = id,
        Name = name,
        Driver = driver,
        Created = created,
        Bridge = document.Bridge,
        Subnets = [.. (document.Subnets ?? []).Select(SubnetText.Parse)],
        EnableIpv4 = document.EnableIpv4 ?? true,
        EnableIpv6 = document.EnableIpv6 ?? false,
        Internal = document.Internal ?? false,
        Attachable = document.Attachable ?? false,
        ConfigOnly = document.ConfigOnly ?? false,
        ConfigFrom = document.ConfigFrom,
        FoundBridge = document.FoundBridge,
        MadeLink = document.MadeLink,
        Mtu = document.Mtu ?? 1500,
        Options = document.Options ?? Network.None,
        IpamOptions = document.IpamOptions ?? Network.None,
        Labels = document.Labels ?? Network.None,
    };

    private static Network Default(Network network, BridgePlan plan) => network with
    {
        Bridge = plan.Name,
        FoundBridge = plan.Found,
        Mtu = plan.Mtu,
        EnableIpv6 = plan.Ipv6Address is not null,
        Subnets =
        [
            Subnet(plan.Address, plan.Range, plan.DefaultGateway, NetworkSubnet.WayOutKey),
            .. plan.Ipv6Address is { } six ? [Subnet(six, plan.Ipv6Range, plan.DefaultIpv6Gateway, NetworkSubnet.WayOutKey6)] : Array.Empty<NetworkSubnet>(),
        ],

        // As Docker's inspect shows its own default bridge.
        Options = new Dictionary<string, string>
        {
            ["com.docker.network.bridge.default_bridge"] = "true",
            ["com.docker.network.bridge.enable_icc"] = plan.InterContainer ? "true" : "false",
            ["com.docker.network.bridge.enable_ip_masquerade"] = "true",
            ["com.docker.network.bridge.host_binding_ipv4"] = plan.HostBinding?.ToString() ?? "0.0.0.0",
            ["com.docker.network.bridge.name"] = plan.Name,
            ["com.docker.network.driver.mtu"] = plan.Mtu.ToString(CultureInfo.InvariantCulture),
        },
    };

    private static NetworkSubnet Subnet(BridgeAddress address, IPNetwork? range, IPAddress? wayOut, string key) => new()
    {
        Subnet = address.Subnet,
        Range = range,
        Gateway = address.Address,
        Auxiliary = wayOut is null ? new Dictionary<string, IPAddress>() : new Dictionary<string, IPAddress> { [key] = wayOut },
    };

    /// <summary>The subnets of networks that somebody made: no bridge takes them, whether theirs stand or not.</summary>
    public static List<IPNetwork> MadeSubnets(Session session) =>
    [
        .. session.Query("SELECT document FROM networks WHERE name <> 'bridge'", static row => Parse(row.GetString(0)))
            .Where(d => d.ConfigOnly != true).SelectMany(d => d.Subnets ?? []).Select(s => SubnetText.Parse(s).Subnet),
    ];

    /// <summary>The bridges of networks that somebody made.</summary>
    public static List<string> MadeBridges(Session session) =>
        [.. session.Query("SELECT document FROM networks WHERE name <> 'bridge'", static row => Parse(row.GetString(0))).Select(d => d.Bridge).OfType<string>()];

    private static NetworkDocument Parse(string json) =>
        JsonSerializer.Deserialize(json, NetworkJson.Default.NetworkDocument) ?? throw EngineException.Internal("the row of a network is empty");

    private static string Json(NetworkDocument document) => JsonSerializer.Serialize(document, NetworkJson.Default.NetworkDocument);
}
