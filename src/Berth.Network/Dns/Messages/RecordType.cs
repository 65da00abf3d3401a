namespace Berth.Network.Dns.Messages;

/// <summary>The types of records and questions that this server tells apart (IANA DNS parameters).</summary>
internal static class RecordType
{
    public const ushort A = 1;
    public const ushort Cname = 5;
    public const ushort Ptr = 12;
    public const ushort Mx = 15;
    public const ushort Aaaa = 28;
    public const ushort Opt = 41;

    /// <summary>From here to 254 a type asks for something done (a zone transfer, keys), not for records (RFC 6895, section 3.1).</summary>
    public const ushort FirstMeta = 249;
    public const ushort LastMeta = 254;
}
