using System.Net;
using System.Text.Json;

using Berth.Network.Ports;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Network.Endpoints;

/// <summary>Endpoints in the database: while a row stands its link and addresses belong to that container.</summary>
internal static class EndpointRows
{
    public static void Insert(Transaction transaction, Endpoint endpoint)
    {
        transaction.Execute(
            "INSERT INTO endpoints (id, network, container, document, created) VALUES ($id, $network, $container, $document, $created)",
            ("$id", endpoint.Id),
            ("$network", endpoint.NetworkId),
            ("$container", endpoint.ContainerId),
            ("$document", JsonSerializer.Serialize(DocumentOf(endpoint), NetworkJson.Default.EndpointDocument)),
            ("$created", Clock.Now()));
        foreach (IPAddress? address in (IPAddress?[])[endpoint.Address, endpoint.Ipv6Address])
        {
            if (address is not null)
            {
                transaction.Execute(
                    "INSERT INTO addresses (network, address, endpoint) VALUES ($network, $address, $endpoint)",
                    ("$network", endpoint.NetworkId),
                    ("$address", address.ToString()),
                    ("$endpoint", endpoint.Id));
            }
        }
    }

    /// <summary>What it is called, or its interface, is known better now.</summary>
    public static void Update(Transaction transaction, Endpoint endpoint) => transaction.Execute(
        "UPDATE endpoints SET document = $document WHERE id = $id",
        ("$id", endpoint.Id),
        ("$document", JsonSerializer.Serialize(DocumentOf(endpoint), NetworkJson.Default.EndpointDocument)));

    /// <summary>Its addresses go with it.</summary>
    public static void Delete(Transaction transaction, string id) => transaction.Execute("DELETE FROM endpoints WHERE id = $id", ("$id", id));

    public static List<Endpoint> All(Session session) =>
        session.Query("SELECT id, network, container, document FROM endpoints", static row =>
        {
            string id = row.GetString(0);
            EndpointDocument document = JsonSerializer.Deserialize(row.GetString(3), NetworkJson.Default.EndpointDocument)
                ?? throw EngineException.Internal($"the row of endpoint {id} is empty");
            return Read(id, row.GetString(1), row.GetString(2), document);
        });

    private static EndpointDocument DocumentOf(Endpoint endpoint) => new()
    {
        Address = endpoint.Address?.ToString(),
        PrefixLength = endpoint.PrefixLength,
        Gateway = endpoint.Gateway?.ToString(),
        MacAddress = endpoint.MacAddress.ToString(),
        HostInterface = endpoint.HostInterface,
        Ipv6Address = endpoint.Ipv6Address?.ToString(),
        Ipv6PrefixLength = endpoint.Ipv6PrefixLength,
        Ipv6Gateway = endpoint.Ipv6Gateway?.ToString(),
        LinkLocal = endpoint.LinkLocal.Count > 0 ? [.. endpoint.LinkLocal.Select(a => a.ToString())] : null,
        Interface = endpoint.Interface,
        Names = endpoint.Names,
        GatewayPriority = endpoint.GatewayPriority,
        Ports = endpoint.Ports.Count > 0 ? [.. endpoint.Ports.Select(PortText.Of)] : null,
        ThroughHost = endpoint.ThroughHost ? true : null,
    };

    private static Endpoint Read(string id, string network, string container, EndpointDocument document) => new()
    {
        Id = id,
        NetworkId = network,
        ContainerId = container,
        Address = Parse(document.Address),
        PrefixLength = document.PrefixLength,
        Gateway = Parse(document.Gateway),
        MacAddress = MacAddress.TryParse(document.MacAddress, out MacAddress? mac) ? mac.Value : default,
        HostInterface = document.HostInterface,
        Ipv6Address = Parse(document.Ipv6Address),
        Ipv6PrefixLength = document.Ipv6PrefixLength,
        Ipv6Gateway = Parse(document.Ipv6Gateway),
        LinkLocal = [.. (document.LinkLocal ?? []).Select(IPAddress.Parse)],
        Interface = document.Interface ?? "eth0",
        Names = document.Names ?? [],
        GatewayPriority = document.GatewayPriority,
        Ports = [.. (document.Ports ?? []).Select(PortText.Parse)],
        ThroughHost = document.ThroughHost == true,
    };

    private static IPAddress? Parse(string? address) => address is null ? null : IPAddress.Parse(address);
}
