using System.Net;
using System.Net.Sockets;

namespace Berth.Linux.Conntrack;

/// <summary>Which connections are meant: those for which all that is set holds.</summary>
/// <param name="Ipv6">IPv6's or IPv4's.</param>
public sealed record ConnectionFilter(bool Ipv6)
{
    /// <summary>Compared with the answers' direction instead of the first packet's.</summary>
    public bool Reply { get; init; }

    /// <summary>Null: any.</summary>
    public ProtocolType? Protocol { get; init; }

    /// <summary>Who sends. Null: any.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>To whom. Null: any.</summary>
    public IPAddress? Destination { get; init; }

    /// <summary>Needs <see cref="Protocol"/>. Null: any.</summary>
    public ushort? DestinationPort { get; init; }

    internal bool Matches(Connection connection)
    {
        ConnectionTuple tuple = Reply ? connection.Reply : connection.Original;
        return (tuple.Source.AddressFamily == AddressFamily.InterNetworkV6) == Ipv6
            && (Protocol is null || Protocol == tuple.Protocol)
            && (Source is null || Source.Equals(tuple.Source))
            && (Destination is null || Destination.Equals(tuple.Destination))
            && (DestinationPort is null || DestinationPort == tuple.DestinationPort);
    }

    /// <summary>What some of one family have in common: it matches whatever one of them does, and more.</summary>
    internal static ConnectionFilter Common(IReadOnlyCollection<ConnectionFilter> filters)
    {
        ConnectionFilter first = filters.First();
        if (filters.Any(f => f.Reply != first.Reply))
        {
            return new ConnectionFilter(first.Ipv6); // what is said is said of different directions
        }

        ProtocolType? protocol = Same(f => f.Protocol);
        return first with
        {
            Protocol = protocol,
            Source = Same(f => f.Source),
            Destination = Same(f => f.Destination),
            DestinationPort = protocol is null ? null : Same(f => f.DestinationPort),
        };

        T? Same<T>(Func<ConnectionFilter, T?> part) => filters.All(f => Equals(part(f), part(first))) ? part(first) : default;
    }
}
