using System.Net;

using Berth.Linux.NfTables;
using Berth.Network.Networks;

namespace Berth.Network.Firewall;

/// <summary>Tells of the packets that allow lists and internal networks refused: which container of which network wanted to reach what. Used on the network thread only.</summary>
/// <param name="packets">What the rules log.</param>
/// <param name="table">Who has which address.</param>
/// <param name="containerName">A container's name by its id.</param>
/// <param name="log">One line a packet; the rules let few through.</param>
internal sealed class EgressLog(NfLog packets, NetworkTable table, Func<string, string?> containerName, Action<string> log)
{
    private readonly List<NfLogEntry> _entries = [];

    /// <summary>For the poll set.</summary>
    public int Number => packets.Number;

    public void Read()
    {
        _entries.Clear();
        packets.Read(_entries);
        foreach (NfLogEntry entry in _entries)
        {
            if (entry.Packet is { } packet && Who(packet.Source) is { } endpoint)
            {
                Network? network = table.Find(endpoint.NetworkId);
                log($"network {network?.Name ?? endpoint.NetworkId}: container {containerName(endpoint.ContainerId) ?? endpoint.ContainerId} was refused {new IPEndPoint(packet.Destination, packet.DestinationPort)}/{packet.Protocol.ToString().ToLowerInvariant()}: "
                    + (network?.Internal == true ? "the network is internal" : "no name of the network's allow list stands for it"));
            }
        }
    }

    private Endpoint? Who(IPAddress source) => table.All().FirstOrDefault(e => source.Equals(e.Address) || source.Equals(e.Ipv6Address));
}
