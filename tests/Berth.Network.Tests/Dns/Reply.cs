namespace Berth.Network.Tests.Dns;

/// <summary>An answer as a client reads it.</summary>
/// <param name="Answers">The answer section.</param>
/// <param name="Records">All sections.</param>
internal sealed record Reply(byte[] Bytes, ushort Id, ushort Flags, IReadOnlyList<ReplyRecord> Answers, IReadOnlyList<ReplyRecord> Records)
{
    public int Code => (Flags & 0xF) | (Opt is { } opt ? (int)(opt.Ttl >> 24) << 4 : 0);

    public bool Truncated => (Flags & 0x0200) != 0;

    public ReplyRecord? Opt => Records.FirstOrDefault(record => record.Type == TestMessage.Opt);

    public string[] Data => [.. Answers.Select(record => record.Data)];
}
