namespace Berth.Network.Tests.Dns;

/// <summary>A record of an answer.</summary>
/// <param name="Data">An address or a name as text, else hexadecimal digits.</param>
internal sealed record ReplyRecord(string Owner, ushort Type, uint Ttl, ushort Class, string Data);
