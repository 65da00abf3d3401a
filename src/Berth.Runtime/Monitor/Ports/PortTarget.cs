using Berth.Linux.Interop;
using Berth.Linux.Sockets;
using Berth.Oci.Monitor;

namespace Berth.Runtime.Monitor.Ports;

/// <summary>What is done with a published port.</summary>
/// <param name="Mode">Held, or passed on.</param>
/// <param name="Address">Where to; the default when it is held.</param>
/// <param name="PrefixLength">Of the network that it is in; 0 for none.</param>
internal readonly record struct PortTarget(MonitorPortMode Mode, InternetAddress Address, int PrefixLength = 0)
{
    /// <summary>Null where it was read, or why it is no target for the protocol.</summary>
    public static string? Read(MonitorPort port, int protocol, out PortTarget target)
    {
        target = default;
        if (port.Mode == MonitorPortMode.Hold)
        {
            return null;
        }

        if (protocol == Libc.IPPROTO_SCTP)
        {
            return "sctp can only be held";
        }

        if (!InternetAddress.TryParse(port.TargetAddress ?? "", port.TargetPort, out InternetAddress address) || address.IsAny || port.TargetPort == 0)
        {
            return $"target \"{port.TargetAddress}\" port {port.TargetPort} is no literal IP address with a port";
        }

        target = new PortTarget(port.Mode, address.Unmapped(), port.TargetPrefixLength);
        int longest = target.Address.Family == Libc.AF_INET ? 32 : 128;
        return port.TargetPrefixLength >= 0 && port.TargetPrefixLength <= longest ? null : $"prefix length {port.TargetPrefixLength} is not 0 to {longest}";
    }

    /// <summary>
    /// The address to appear as towards the container, null for one of this host's. A loopback address on a wire is a martian (RFC 1812, 5.3.7), a link-local
    /// one means nothing on the container's link, one of the other family cannot be kept, and to one of its own network, or its own, the container
    /// would answer directly.
    /// </summary>
    public InternetAddress? SourceFor(InternetAddress client)
    {
        InternetAddress source = client.Unmapped();
        bool kept = Mode == MonitorPortMode.Transparent && source.Family == Address.Family
            && source is { IsLoopback: false, IsLinkLocal: false, IsAny: false } && !source.IsWithin(Address, PrefixLength);
        return kept ? source : null;
    }
}
