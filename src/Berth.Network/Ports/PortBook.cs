using System.Net;

namespace Berth.Network.Ports;

/// <summary>Which container has which port of the host. Pure state; not thread safe.</summary>
internal sealed class PortBook
{
    private readonly Dictionary<(System.Net.Sockets.ProtocolType Protocol, ushort Port), List<(IPAddress Address, string Container)>> _held = [];

    /// <summary>Who has a port that would collide with this one; null: nobody.</summary>
    public string? HolderOf(PublishedPort port) =>
        _held.TryGetValue((port.Protocol, port.HostPort), out List<(IPAddress Address, string Container)>? holders)
            ? holders.Where(h => Collide(h.Address, port.HostAddress)).Select(h => h.Container).FirstOrDefault()
            : null;

    /// <summary>Whether some address's port of this number is a container's.</summary>
    public bool IsHeld((System.Net.Sockets.ProtocolType Protocol, ushort Port) port) => _held.ContainsKey(port);

    public void Add(string container, IEnumerable<PublishedPort> ports)
    {
        foreach (PublishedPort port in ports.Where(p => p.OnHost))
        {
            if (!_held.TryGetValue((port.Protocol, port.HostPort), out List<(IPAddress Address, string Container)>? holders))
            {
                _held[(port.Protocol, port.HostPort)] = holders = [];
            }

            holders.Add((port.HostAddress, container));
        }
    }

    public void Remove(string container, IEnumerable<PublishedPort> ports)
    {
        foreach (PublishedPort port in ports)
        {
            if (_held.TryGetValue((port.Protocol, port.HostPort), out List<(IPAddress Address, string Container)>? holders)
                && holders.Remove((port.HostAddress, container)) && holders.Count == 0)
            {
                _held.Remove((port.Protocol, port.HostPort));
            }
        }
    }

    // Families never do: sockets of IPv6 take a port for IPv6 alone (IPV6_V6ONLY, ipv6(7); see BoundPort).
    private static bool Collide(IPAddress one, IPAddress other) =>
        one.AddressFamily == other.AddressFamily && (one.Equals(other) || IsAny(one) || IsAny(other));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
