using System.Net;

using Berth.Network.Dns;
using Berth.Network.Dns.Names;

namespace Berth.Network.Tests.Dns;

/// <summary>Containers on networks, for tests.</summary>
internal static class TestClients
{
    public static EndpointNames Endpoint(string id, string? ipv4, string? ipv6, params string[] names) =>
        new(id, ipv4 is null ? null : IPAddress.Parse(ipv4), ipv6 is null ? null : IPAddress.Parse(ipv6), names);

    /// <summary>
    /// On front are web (10.0.0.2, fd00::2) and two with the alias api (10.0.0.3, 10.0.0.4); on back.net is db (10.1.0.2). The client has links from store to db
    /// and, hiding the container gone (10.1.0.3), from gone to nobody.
    /// </summary>
    public static DnsClient Two()
    {
        var front = new NetworkNames("front");
        front.Add(Endpoint("e1", "10.0.0.2", "fd00::2", "Web", "0123456789ab"));
        front.Add(Endpoint("e2", "10.0.0.3", null, "one", "api"));
        front.Add(Endpoint("e3", "10.0.0.4", null, "two", "api"));
        var back = new NetworkNames("back.net");
        back.Add(Endpoint("e4", "10.1.0.2", null, "db"));
        back.Add(Endpoint("e5", "10.1.0.3", null, "gone"));
        return new DnsClient
        {
            ContainerId = "c1",
            ContainerName = "client",
            Networks = [new DnsNetwork(front), new DnsNetwork(back, new Dictionary<string, string> { ["Store"] = "db", ["gone"] = "nobody" })],
            Upstreams = [new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53)],
        };
    }
}
