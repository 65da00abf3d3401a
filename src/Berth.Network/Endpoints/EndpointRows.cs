using System.Net;
using System.Text.Json;

using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Network.Endpoints;

/// <summary>Endpoints in the database: while a row stands its link and address belong to that container.</summary>
internal static class EndpointRows
{
    public static void Insert(Transaction transaction, Endpoint endpoint)
    {
        var document = new EndpointDocument(
            endpoint.Address.ToString(), endpoint.PrefixLength, endpoint.Gateway.ToString(), endpoint.MacAddress.ToString(), endpoint.HostInterface);
        transaction.Execute(
            "INSERT INTO endpoints (id, network, container, document, created) VALUES ($id, $network, $container, $document, $created)",
            ("$id", endpoint.Id),
            ("$network", endpoint.NetworkId),
            ("$container", endpoint.ContainerId),
            ("$document", JsonSerializer.Serialize(document, NetworkJson.Default.EndpointDocument)),
            ("$created", Clock.Now()));
        transaction.Execute(
            "INSERT INTO addresses (network, address, endpoint) VALUES ($network, $address, $endpoint)",
            ("$network", endpoint.NetworkId),
            ("$address", document.Address),
            ("$endpoint", endpoint.Id));
    }

    /// <summary>Its address goes with it.</summary>
    public static void Delete(Transaction transaction, string id) => transaction.Execute("DELETE FROM endpoints WHERE id = $id", ("$id", id));

    public static List<Endpoint> All(Session session) =>
        session.Query("SELECT id, network, container, document FROM endpoints", static row =>
        {
            string id = row.GetString(0);
            EndpointDocument document = JsonSerializer.Deserialize(row.GetString(3), NetworkJson.Default.EndpointDocument)
                ?? throw EngineException.Internal($"the row of endpoint {id} is empty");
            return new Endpoint
            {
                Id = id,
                NetworkId = row.GetString(1),
                ContainerId = row.GetString(2),
                Address = IPAddress.Parse(document.Address),
                PrefixLength = document.PrefixLength,
                Gateway = IPAddress.Parse(document.Gateway),
                MacAddress = MacAddress.TryParse(document.MacAddress, out MacAddress? mac) ? mac.Value : default,
                HostInterface = document.HostInterface,
            };
        });
}
