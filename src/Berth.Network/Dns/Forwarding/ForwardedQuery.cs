using System.Buffers.Binary;

using Berth.Network.Dns.Messages;

namespace Berth.Network.Dns.Forwarding;

/// <summary>
/// The query that goes to an upstream server. It is written anew, not passed on: id and options of the client mean something between
/// it and us only (RFC 6891, section 6.1.1), and the spelling of the name in lower case leaves no place for a message to the outside.
/// </summary>
internal static class ForwardedQuery
{
    /// <summary>The longest that <see cref="Write"/> writes.</summary>
    public const int Longest = Header.Size + DomainName.LongestWire + 4 + OptRecord.Size;

    /// <returns>Bytes written.</returns>
    public static int Write(Query query, ushort id, Span<byte> target)
    {
        ushort flags = (ushort)(query.Flags & (Header.RecursionDesired | Header.AuthenticData | Header.CheckingDisabled));
        Header.Write(target, id, flags, questions: 1);
        int length = Header.Size;
        foreach (byte value in query.Question.Wire)
        {
            // Lengths of labels are below 64 and stay.
            target[length++] = value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
        }

        BinaryPrimitives.WriteUInt16BigEndian(target[length..], query.Question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(target[(length + 2)..], query.Question.Class);
        length += 4;
        if (!query.Extended)
        {
            return length;
        }

        Header.SetCount(target, Section.Additional, 1);
        return length + OptRecord.Write(target[length..], ResponseCode.NoError, query.WantsSignatures);
    }
}
