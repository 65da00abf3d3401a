using System.Net;

namespace Berth.Network.Endpoints;

/// <summary>
/// Which of a container's networks leads out of it, for each family: the highest priority, then the first by name, as Docker has it.
/// Internal networks and those without a gateway lead nowhere.
/// </summary>
internal sealed record GatewayChoice(Endpoint? Ipv4, Endpoint? Ipv6)
{
    public static GatewayChoice Of(IEnumerable<(Network Network, Endpoint Endpoint)> places)
    {
        Endpoint[] order =
        [
            .. places.Where(p => !p.Network.Internal)
                .OrderByDescending(p => p.Endpoint.GatewayPriority).ThenBy(p => p.Network.Name, StringComparer.Ordinal).Select(p => p.Endpoint),
        ];
        return new GatewayChoice(order.FirstOrDefault(e => e.Gateway is not null), order.FirstOrDefault(e => e.Ipv6Gateway is not null));
    }

    /// <summary>The default routes of this choice: by which interface, to which gateway.</summary>
    public IEnumerable<(string Interface, IPAddress Gateway)> Routes()
    {
        if (Ipv4 is { Gateway: { } four })
        {
            yield return (Ipv4.Interface, four);
        }

        if (Ipv6 is { Ipv6Gateway: { } six })
        {
            yield return (Ipv6.Interface, six);
        }
    }
}
