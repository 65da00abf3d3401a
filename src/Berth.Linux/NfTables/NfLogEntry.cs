using Berth.Linux.Packets;

namespace Berth.Linux.NfTables;

/// <summary>A packet that a rule logged.</summary>
/// <param name="Prefix">The rule's word.</param>
/// <param name="InputLink">The interface it came in by; 0: sent by the host itself.</param>
/// <param name="OutputLink">The interface it would leave by; 0: not known yet, or for the host itself.</param>
/// <param name="Packet">Who sends it to whom; null for what is no IP packet.</param>
public sealed record NfLogEntry(string Prefix, int InputLink, int OutputLink, PacketHeader? Packet);
