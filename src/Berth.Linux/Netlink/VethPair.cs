using Berth.Linux.Files;

namespace Berth.Linux.Netlink;

/// <summary>Two interfaces joined by a wire, one of them born in another network namespace.</summary>
public sealed record VethPair
{
    /// <summary>The end in the socket's namespace. It is created up.</summary>
    public required string Name { get; init; }

    /// <summary>The bridge that end becomes a port of; 0: none.</summary>
    public int Master { get; init; }

    public int Mtu { get; init; } = 1500;

    /// <summary>The other end's name. It is created down, so that settings can be made before it speaks.</summary>
    public required string PeerName { get; init; }

    /// <summary>The other end's hardware address, six bytes.</summary>
    public required byte[] PeerAddress { get; init; }

    /// <summary>The namespace the other end is made in. Not owned.</summary>
    public required FileDescriptor PeerNamespace { get; init; }
}
