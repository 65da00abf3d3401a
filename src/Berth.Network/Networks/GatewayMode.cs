namespace Berth.Network.Networks;

/// <summary>How packets of one family pass between a bridge network and everything else; Docker's names, in lower case.</summary>
internal enum GatewayMode
{
    /// <summary>Out with the host's address, in by published ports of the host only.</summary>
    Nat,

    /// <summary>As <see cref="Nat"/>, and whoever has a route to a container reaches all of its ports.</summary>
    NatUnprotected,

    /// <summary>Addresses stay as they are: out with the container's own, in to its published ports at that address. The host has no port for it.</summary>
    Routed,

    /// <summary>The host itself has no address there. Internal networks only.</summary>
    Isolated,
}
