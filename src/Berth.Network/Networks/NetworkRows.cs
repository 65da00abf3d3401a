using System.Globalization;
using System.Text.Json;

using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Network.Networks;

/// <summary>Networks in the database. The three predefined ones are made with the data root and keep their ids.</summary>
internal static class NetworkRows
{
    private static readonly (string Name, string Driver)[] Predefined = [("bridge", "bridge"), ("host", "host"), ("none", "null")];

    /// <summary>The address the bridge had, and the link that carried it.</summary>
    public static NetworkDocument? StoredBridge(Session session) =>
        session.First("SELECT document FROM networks WHERE name = 'bridge'", static row => Parse(row.GetString(0)));

    /// <summary>Makes the predefined networks where they are missing, records the bridge's plan, and returns all.</summary>
    public static List<Network> Ensure(Transaction transaction, BridgePlan plan)
    {
        string bridge = Json(new NetworkDocument(plan.Name, plan.Address.ToString()));
        foreach ((string name, string driver) in Predefined)
        {
            transaction.TryInsert(
                "INSERT INTO networks (id, name, driver, document, created) VALUES ($id, $name, $driver, $document, $created)",
                ("$id", Random.Shared.GetHexString(64, lowercase: true)),
                ("$name", name),
                ("$driver", driver),
                ("$document", driver == "bridge" ? bridge : Json(new NetworkDocument(null, null))),
                ("$created", Clock.Now()));
        }

        transaction.Execute("UPDATE networks SET document = $document WHERE name = 'bridge' AND document <> $document", ("$document", bridge));
        return transaction.Query("SELECT id, name, driver, created FROM networks ORDER BY name", row => new Network
        {
            Id = row.GetString(0),
            Name = row.GetString(1),
            Driver = row.GetString(2),
            Created = Clock.ToTime(row.GetInt64(3)),
            Subnet = row.GetString(2) == "bridge" ? plan.Address.Subnet : null,
            Gateway = row.GetString(2) == "bridge" ? plan.Address.Address : null,
            Options = row.GetString(2) == "bridge" ? Options(plan) : Network.NoOptions,
        });
    }

    // As Docker's inspect shows its own default bridge.
    private static Dictionary<string, string> Options(BridgePlan plan) => new()
    {
        ["com.docker.network.bridge.default_bridge"] = "true",
        ["com.docker.network.bridge.enable_icc"] = "true",
        ["com.docker.network.bridge.enable_ip_masquerade"] = "true",
        ["com.docker.network.bridge.host_binding_ipv4"] = "0.0.0.0",
        ["com.docker.network.bridge.name"] = plan.Name,
        ["com.docker.network.driver.mtu"] = plan.Mtu.ToString(CultureInfo.InvariantCulture),
    };

    private static NetworkDocument Parse(string json) =>
        JsonSerializer.Deserialize(json, NetworkJson.Default.NetworkDocument) ?? throw EngineException.Internal("the row of network bridge is empty");

    private static string Json(NetworkDocument document) => JsonSerializer.Serialize(document, NetworkJson.Default.NetworkDocument);
}
