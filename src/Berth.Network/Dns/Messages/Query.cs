namespace Berth.Network.Dns.Messages;

/// <summary>A message from a client, read as far as the server needs it.</summary>
internal readonly ref struct Query
{
    /// <summary>The least that every client takes over UDP (RFC 1035, section 4.2.1).</summary>
    public const int SmallestPayload = 512;

    private Query(ReadOnlySpan<byte> message, QueryFault fault)
    {
        Message = message;
        Fault = fault;
    }

    public ReadOnlySpan<byte> Message { get; }

    /// <summary>Why it gets an error for an answer, or none.</summary>
    public QueryFault Fault { get; }

    /// <summary>There unless <see cref="Fault"/> is <see cref="QueryFault.Malformed"/>.</summary>
    public Question Question { get; private init; }

    /// <summary>It has an OPT record, so that the answer gets one (RFC 6891, section 7).</summary>
    public bool Extended { get; private init; }

    /// <summary>The client wants signatures: the DO bit (RFC 3225).</summary>
    public bool WantsSignatures { get; private init; }

    /// <summary>Bytes that the client takes over UDP.</summary>
    public int Payload { get; private init; }

    public ushort Id => Header.Id(Message);

    public ushort Flags => Header.Flags(Message);

    /// <summary>Reads a datagram.</summary>
    /// <returns>False: there is nobody to answer (too short for a header, or itself an answer, which two servers would send to and fro).</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out Query query)
    {
        query = default;
        if (message.Length < Header.Size || Header.Has(message, Header.Response))
        {
            return false;
        }

        query = Read(message);
        return true;
    }

    private static Query Read(ReadOnlySpan<byte> message)
    {
        // Another operation's message has another form: only its header counts.
        if ((Header.Flags(message) & Header.OperationMask) != 0)
        {
            return new Query(message, QueryFault.OtherOperation);
        }

        if (Header.Count(message, Section.Question) != 1 || !Question.TryRead(message, out Question question)
            || !TryFindOpt(message, question.End, out bool found, out uint extended, out int payload))
        {
            return new Query(message, QueryFault.Malformed);
        }

        return new Query(message, found && ((extended >> 16) & 0xFF) != 0 ? QueryFault.OtherVersion : QueryFault.None)
        {
            Question = question,
            Extended = found,
            WantsSignatures = found && (extended & OptRecord.WantsSignatures) != 0,
            Payload = payload,
        };
    }

    // A second OPT is an error (RFC 6891, section 6.1.1). Counts are bounded by the message: each record takes bytes of it.
    private static bool TryFindOpt(ReadOnlySpan<byte> message, int at, out bool found, out uint extended, out int payload)
    {
        found = false;
        extended = 0;
        payload = SmallestPayload;
        int before = Header.Count(message, Section.Answer) + Header.Count(message, Section.Authority);
        int records = before + Header.Count(message, Section.Additional);
        for (int i = 0; i < records; i++)
        {
            if (!Record.TryRead(message, ref at, out Record record))
            {
                return false;
            }

            if (record.Type == RecordType.Opt)
            {
                if (found || i < before || message[record.Start] != 0)
                {
                    return false;
                }

                found = true;
                extended = record.TimeToLive;
                payload = Math.Max(SmallestPayload, (int)record.Class);
            }
        }

        return true;
    }
}
