using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

using Berth.Network.Dns.Messages;

namespace Berth.Network.Dns.Egress;

/// <summary>Which addresses an answer gives to the asked name. Pure.</summary>
internal static class EgressAnswer
{
    /// <summary>Many names live for seconds only, and some programs look up once and connect later.</summary>
    public static readonly TimeSpan ShortestLifetime = TimeSpan.FromMinutes(1);

    /// <summary>The container is told no more either, so it asks again before the firewall closes.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    /// <summary>The most addresses of one answer; the container cannot reach those behind them.</summary>
    public const int MostAddresses = 512;

    // As long as resolvers follow.
    private const int MostAliases = 16;

    /// <summary>
    /// Addresses of the asked name, also behind a chain of CNAMEs; records of other names do not count. Left out are addresses that no name outside
    /// has any right to: of the host itself and of its link (169.254.169.254 gives away a cloud machine's keys), multicast and broadcast.
    /// </summary>
    /// <param name="answer">A well-formed answer (see <see cref="Forwarding.ForwardedAnswer"/>).</param>
    public static IReadOnlyList<EgressAddress> Addresses(ReadOnlySpan<byte> answer)
    {
        var found = new List<EgressAddress>();
        Span<byte> current = stackalloc byte[DomainName.LongestWire];
        int at = Header.Size;
        if (!DomainName.TryRead(answer, ref at, current, out int length))
        {
            return found;
        }

        for (int aliases = 0; aliases <= MostAliases; aliases++)
        {
            if (!TryFollow(answer, at + 4, current, ref length, found))
            {
                break;
            }
        }

        return found;
    }

    /// <summary>Lowers the TTLs of the answer section to <see cref="LongestLifetime"/>.</summary>
    public static void LimitLifetimes(Span<byte> answer)
    {
        uint most = (uint)LongestLifetime.TotalSeconds;
        if (!Question.TryRead(answer, out Question question))
        {
            return;
        }

        int at = question.End;
        for (int i = 0; i < Header.Count(answer, Section.Answer) && Record.TryRead(answer, ref at, out Record record); i++)
        {
            if (record.TimeToLive > most)
            {
                BinaryPrimitives.WriteUInt32BigEndian(answer[record.TimeToLiveAt..], most);
            }
        }
    }

    // Collects the addresses of one name. True: it is an alias, and now its target is the name.
    private static bool TryFollow(ReadOnlySpan<byte> answer, int at, Span<byte> name, ref int length, List<EgressAddress> found)
    {
        Span<byte> owner = stackalloc byte[DomainName.LongestWire];
        for (int i = 0; i < Header.Count(answer, Section.Answer); i++)
        {
            int ownerAt = at;
            if (!Record.TryRead(answer, ref at, out Record record))
            {
                return false;
            }

            if (record.Class != Question.Internet || record.Type is not (RecordType.A or RecordType.Aaaa or RecordType.Cname)
                || !DomainName.TryRead(answer, ref ownerAt, owner, out int ownerLength) || !DomainName.Same(owner[..ownerLength], name[..length]))
            {
                continue;
            }

            int target = record.DataStart;
            if (record.Type == RecordType.Cname)
            {
                return DomainName.TryRead(answer, ref target, name, out length);
            }

            if (record.Data.Length == (record.Type == RecordType.A ? 4 : 16) && found.Count < MostAddresses
                && new IPAddress(record.Data) is var address && MayBeReached(address))
            {
                found.Add(new EgressAddress(address, Lifetime(record.TimeToLive)));
            }
        }

        return false;
    }

    // A TTL with the upper bit set counts as 0 (RFC 2181, section 8).
    private static TimeSpan Lifetime(uint seconds)
    {
        TimeSpan given = TimeSpan.FromSeconds(seconds > int.MaxValue ? 0 : seconds);
        return given < ShortestLifetime ? ShortestLifetime : given > LongestLifetime ? LongestLifetime : given;
    }

    private static bool MayBeReached(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.IPv6Any)
                && address is { IsIPv6LinkLocal: false, IsIPv6Multicast: false, IsIPv6SiteLocal: false, IsIPv4MappedToIPv6: false };
        }

        uint value = Ipv4.Value(address);
        return value >> 24 is not (0 or 127 or >= 224) && value >> 16 != 0xA9FE;
    }
}
