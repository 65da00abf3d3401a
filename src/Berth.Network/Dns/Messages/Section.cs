namespace Berth.Network.Dns.Messages;

/// <summary>The sections of a message, in their order.</summary>
internal enum Section
{
    Question,
    Answer,
    Authority,
    Additional,
}
