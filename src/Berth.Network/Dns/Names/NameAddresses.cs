using System.Net;

namespace Berth.Network.Dns.Names;

/// <summary>All who have one name: immutable but for whose turn it is to be first.</summary>
internal sealed class NameAddresses
{
    private const int Ipv4Size = 4, Ipv6Size = 16;

    private readonly EndpointNames[] _holders;
    private readonly byte[] _ipv4, _ipv6;
    private int _turn = -1;

    private NameAddresses(EndpointNames[] holders)
    {
        _holders = holders;
        _ipv4 = Bytes(holders.Select(holder => holder.Ipv4));
        _ipv6 = Bytes(holders.Select(holder => holder.Ipv6));
    }

    public static NameAddresses Of(EndpointNames holder) => new([holder]);

    /// <summary>The same with one more.</summary>
    public NameAddresses With(EndpointNames holder) => new([.. _holders, holder]);

    /// <summary>The same with one less; null: that was the last.</summary>
    public NameAddresses? Without(EndpointNames holder) =>
        Array.FindAll(_holders, other => !ReferenceEquals(other, holder)) is { Length: > 0 } rest ? new NameAddresses(rest) : null;

    /// <summary>The addresses of one family, one behind the other.</summary>
    /// <param name="each">Bytes of one address.</param>
    public ReadOnlySpan<byte> Addresses(bool ipv6, out int each)
    {
        each = ipv6 ? Ipv6Size : Ipv4Size;
        return ipv6 ? _ipv6 : _ipv4;
    }

    /// <summary>Who comes first this time, of so many: each in turn, so that clients that take the first spread.</summary>
    public int NextTurn(int count) => (int)((uint)Interlocked.Increment(ref _turn) % (uint)count);

    private static byte[] Bytes(IEnumerable<IPAddress?> addresses) => [.. addresses.OfType<IPAddress>().SelectMany(address => address.GetAddressBytes())];
}
