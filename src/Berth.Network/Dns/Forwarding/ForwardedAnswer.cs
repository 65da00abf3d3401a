using Berth.Network.Dns.Messages;

namespace Berth.Network.Dns.Forwarding;

/// <summary>What an upstream server sent: whether it answers the query, and the same for the client. Pure.</summary>
internal static class ForwardedAnswer
{
    /// <summary>Whether a message answers a query: an answer, with its id and its question (RFC 5452, section 9.1).</summary>
    /// <param name="sent">The query, as <see cref="ForwardedQuery"/> wrote it.</param>
    public static bool Answers(ReadOnlySpan<byte> message, ReadOnlySpan<byte> sent) =>
        message.Length >= Header.Size && Header.Has(message, Header.Response) && Header.Id(message) == Header.Id(sent)
        && (Header.Flags(message) & Header.OperationMask) == 0 && Header.Count(message, Section.Question) == 1
        && Question.TryRead(message, out Question answered) && Question.TryRead(sent, out Question asked) && answered.Same(asked);

    /// <summary>
    /// Writes the answer with the client's id, question and OPT. What the client cannot take is left out, whole records only: the sender's OPT
    /// and what is behind it are hop by hop or optional; TC is set when records of the answer or authority section are missing (RFC 2181, section 9).
    /// Positions do not change, so pointers stay right.
    /// </summary>
    /// <param name="target">As long as the client takes.</param>
    /// <returns>False: a record is malformed.</returns>
    public static bool TryFit(Query query, ReadOnlySpan<byte> answer, Span<byte> target, out int length)
    {
        length = 0;
        if (!TryMeasure(answer, query.Question.End, target.Length - (query.Extended ? OptRecord.Size : 0), out Measure measure))
        {
            return false;
        }

        answer[..measure.End].CopyTo(target);
        query.Message[Header.Size..query.Question.End].CopyTo(target[Header.Size..]);
        const ushort Theirs = 0x0400 | Header.Truncated | Header.RecursionDesired | Header.AuthenticData | Header.CheckingDisabled | Header.CodeMask;
        ushort flags = (ushort)(Header.Response | Header.RecursionAvailable | (Header.Flags(answer) & Theirs) | (measure.Truncated ? Header.Truncated : 0));
        Header.Write(target, query.Id, flags, questions: 1);
        Header.SetCount(target, Section.Answer, measure.Answers);
        Header.SetCount(target, Section.Authority, measure.Authorities);
        Header.SetCount(target, Section.Additional, measure.Additionals + (query.Extended ? 1 : 0));
        length = measure.End;
        if (query.Extended)
        {
            var code = (ResponseCode)((int)Header.Code(answer) | measure.UpperCode << 4);
            length += OptRecord.Write(target[length..], code, query.WantsSignatures);
        }

        return true;
    }

    // How many records of each section fit. All are read, also those that do not fit: a malformed answer is thrown away whole.
    private static bool TryMeasure(ReadOnlySpan<byte> answer, int at, int room, out Measure measure)
    {
        measure = new Measure { End = at };
        bool open = true;
        for (Section section = Section.Answer; section <= Section.Additional; section++)
        {
            for (int i = 0; i < Header.Count(answer, section); i++)
            {
                if (!Record.TryRead(answer, ref at, out Record record))
                {
                    return false;
                }

                bool opt = record.Type == RecordType.Opt;
                measure.UpperCode = opt ? (int)(record.TimeToLive >> 24) : measure.UpperCode;
                open = open && !opt && at <= room;
                if (open)
                {
                    measure.Count(section);
                    measure.End = at;
                }
                else if (section != Section.Additional)
                {
                    measure.Truncated = true;
                }
            }
        }

        return true;
    }

    private struct Measure
    {
        public int End, Answers, Authorities, Additionals, UpperCode;
        public bool Truncated;

        public void Count(Section section)
        {
            Answers += section == Section.Answer ? 1 : 0;
            Authorities += section == Section.Authority ? 1 : 0;
            Additionals += section == Section.Additional ? 1 : 0;
        }
    }
}
