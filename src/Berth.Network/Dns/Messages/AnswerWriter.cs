using System.Buffers.Binary;

namespace Berth.Network.Dns.Messages;

/// <summary>
/// Writes an answer of our own. Every record belongs to the asked name, which is written as a pointer to the question.
/// What does not fit is left out and the TC bit set; the client comes again over TCP (RFC 2181, section 9).
/// </summary>
internal ref struct AnswerWriter
{
    /// <summary>Seconds that a container may keep an answer: Docker's respTTL.</summary>
    public const uint TimeToLive = 600;

    /// <summary>The least that a target must hold: header, the longest question, and OPT with an extended error.</summary>
    public const int SmallestTarget = Query.SmallestPayload;

    private const ushort PointerToQuestion = 0xC000 | Header.Size;
    private const int RecordHead = 12;

    private readonly Query _query;
    private readonly Span<byte> _target;
    private int _length;
    private int _records;
    private bool _truncated;

    /// <param name="target">As long as the answer may be; at least <see cref="SmallestTarget"/>.</param>
    public AnswerWriter(Query query, Span<byte> target)
    {
        _query = query;
        _target = target;
        _length = Header.Size;
        if (query.Fault is QueryFault.None or QueryFault.OtherVersion)
        {
            query.Message[Header.Size..query.Question.End].CopyTo(target[Header.Size..]);
            _length = query.Question.End;
        }
    }

    /// <summary>Adds a record with these data (an address).</summary>
    /// <returns>False: it does not fit.</returns>
    public bool TryAdd(ushort type, scoped ReadOnlySpan<byte> data)
    {
        int reserved = _query.Extended ? OptRecord.Size : 0;
        if (_truncated || _length + RecordHead + data.Length > _target.Length - reserved)
        {
            _truncated = true;
            return false;
        }

        Span<byte> record = _target[_length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, PointerToQuestion);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], type);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], Question.Internet);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)data.Length);
        data.CopyTo(record[RecordHead..]);
        _length += RecordHead + data.Length;
        _records++;
        return true;
    }

    /// <summary>Writes header and OPT.</summary>
    /// <param name="error">An extended error (RFC 8914) for a client that understands it: 0 none.</param>
    /// <returns>Bytes of the answer.</returns>
    public readonly int Finish(ResponseCode code, ushort error = 0)
    {
        bool asked = _length > Header.Size;
        ushort kept = (ushort)(_query.Flags & (Header.OperationMask | Header.RecursionDesired | Header.CheckingDisabled));
        ushort flags = (ushort)(Header.Response | Header.RecursionAvailable | kept | (_truncated ? Header.Truncated : 0) | ((ushort)code & Header.CodeMask));
        Header.Write(_target, _query.Id, flags, asked ? 1 : 0);
        Header.SetCount(_target, Section.Answer, _records);
        if (!_query.Extended)
        {
            return _length;
        }

        Header.SetCount(_target, Section.Additional, 1);
        return _length + OptRecord.Write(_target[_length..], code, _query.WantsSignatures, error);
    }
}
