using Berth.Network.Dns.Messages;
using Berth.Network.Dns.Names;

namespace Berth.Network.Dns;

/// <summary>
/// The rules by which a query is answered; pure but for round robin. They are Docker's (moby's daemon/libnetwork/resolver.go and sandbox.go):
/// <code>
/// A, AAAA  of a known name   its addresses; none of that family: nothing (NODATA), never forwarded
/// MX       of a known name   nothing, so that mail goes to its address (RFC 5321, section 5.1)
/// PTR      of a known address  container.network
/// all else                   forwarded
/// </code>
/// Ours beside these: where nothing may be forwarded a known name's other types are answered with nothing instead of an error.
/// <para>
/// A name that the allow list does not have is answered NXDOMAIN, not REFUSED: musl throws away an answer with any other code than 0 and 3 and waits for
/// its time to run out (5 s a try), glibc asks again and reports a passing fault, which programs retry. NXDOMAIN ends both at once. No SOA
/// goes with it, so nobody keeps it (RFC 2308, section 5). The extended error says why (RFC 8914: 18, prohibited).
/// </para>
/// </summary>
internal static class Resolver
{
    private const ushort Prohibited = 18;

    /// <param name="target">For the answer; as long as the client takes (see <see cref="AnswerWriter"/>).</param>
    /// <param name="length">Bytes of the answer; 0 when it is to be forwarded.</param>
    public static Verdict Resolve(Query query, DnsClient client, Span<byte> target, out int length)
    {
        var answer = new AnswerWriter(query, target);
        length = 0;
        ResponseCode? fault = Fault(query);
        if (fault is not null)
        {
            length = answer.Finish(fault.Value);
            return Verdict.Answered;
        }

        Span<char> buffer = stackalloc char[DomainName.LongestText];
        ReadOnlySpan<char> name = buffer[..DomainName.ToText(query.Question.Wire, buffer)];
        bool known = false;
        if (query.Question.Class == Question.Internet && Answers(query.Question.Type, name, client, ref answer, out known))
        {
            length = answer.Finish(ResponseCode.NoError);
            return Verdict.Answered;
        }

        (Verdict verdict, ResponseCode code) = Outside(query.Question, name, known, client);
        length = verdict == Verdict.Forward ? 0 : answer.Finish(code, verdict == Verdict.Blocked ? Prohibited : (ushort)0);
        return verdict;
    }

    private static ResponseCode? Fault(Query query) => query.Fault switch
    {
        QueryFault.Malformed => ResponseCode.FormatError,
        QueryFault.OtherOperation => ResponseCode.NotImplemented,
        QueryFault.OtherVersion => ResponseCode.BadVersion,
        _ => query.Question.Type is >= RecordType.FirstMeta and <= RecordType.LastMeta or RecordType.Opt ? ResponseCode.NotImplemented : null,
    };

    private static bool Answers(ushort type, scoped ReadOnlySpan<char> name, DnsClient client, ref AnswerWriter answer, out bool known)
    {
        known = false;
        if (type == RecordType.Ptr)
        {
            return AnswersPointer(name, client, ref answer);
        }

        known = TryFind(client.Networks, name, type == RecordType.Aaaa, out NameAddresses? found);
        if (found is null || type is not (RecordType.A or RecordType.Aaaa))
        {
            return known && type == RecordType.Mx;
        }

        ReadOnlySpan<byte> addresses = found.Addresses(type == RecordType.Aaaa, out int each);
        int count = addresses.Length / each;
        int first = count > 1 ? found.NextTurn(count) : 0;
        for (int i = 0; i < count && answer.TryAdd(type, addresses.Slice((first + i) % count * each, each)); i++)
        {
        }

        return true;
    }

    // First the whole name on each network, then as "name.network"; a network that has the wanted family is preferred.
    private static bool TryFind(IReadOnlyList<DnsNetwork> networks, ReadOnlySpan<char> name, bool ipv6, out NameAddresses? found)
    {
        found = null;
        for (int pass = 0; pass < 2 && found is null; pass++)
        {
            for (int i = 0; i < networks.Count; i++)
            {
                DnsNetwork network = networks[i];
                ReadOnlySpan<char> asked = name;
                if ((pass == 1 && !network.Names.TryTakeSuffix(name, out asked)) || !network.TryFind(asked, out NameAddresses? here) || here is null)
                {
                    continue;
                }

                found ??= here;
                if (!here.Addresses(ipv6, out _).IsEmpty)
                {
                    found = here;
                    return true;
                }
            }
        }

        return found is not null;
    }

    private static bool AnswersPointer(scoped ReadOnlySpan<char> name, DnsClient client, ref AnswerWriter answer)
    {
        if (ReverseName.Address(name) is not { } address)
        {
            return false;
        }

        Span<byte> wire = stackalloc byte[DomainName.LongestWire];
        for (int i = 0; i < client.Networks.Count; i++)
        {
            if (client.Networks[i].Names.NameOf(address) is { } owner && DomainName.TryWrite(owner, wire, out int length))
            {
                return answer.TryAdd(RecordType.Ptr, wire[..length]);
            }
        }

        return false;
    }

    private static (Verdict Verdict, ResponseCode Code) Outside(Question question, ReadOnlySpan<char> name, bool known, DnsClient client)
    {
        bool address = question.Type is RecordType.A or RecordType.Aaaa;
        if ((known && (client.Egress is not null || !client.Forwards)) || (address && client.KeepsSingleLabels && !name.Contains('.')))
        {
            return (Verdict.Answered, ResponseCode.NoError);
        }

        if (client.Egress is { } egress)
        {
            if (question.Class != Question.Internet || !egress.Policy.Allows(name))
            {
                return (Verdict.Blocked, ResponseCode.NameError);
            }

            // Of an allowed name only what leads to an address leaves the host: no TXT or NULL, which tunnels are made of. HTTPS gets nothing, so
            // that a browser goes on with A and AAAA and no address comes past the firewall's set as a hint.
            if (!address && question.Type != RecordType.Cname)
            {
                return (Verdict.Answered, ResponseCode.NoError);
            }
        }

        return client.Forwards && client.Upstreams.Count > 0 ? (Verdict.Forward, ResponseCode.NoError) : (Verdict.Answered, ResponseCode.ServerFailure);
    }
}
