using Berth.Linux.Files;

namespace Berth.Linux.Sockets;

/// <summary>The ports that sockets get which ask for none: any program of the host may have any of them at any time. ip_local_port_range in ip(7); it is IPv6's too.</summary>
/// <param name="First">The lowest.</param>
/// <param name="Last">The highest, which is one of them.</param>
public readonly record struct EphemeralPorts(ushort First, ushort Last)
{
    /// <summary>The kernel's default.</summary>
    public static readonly EphemeralPorts Default = new(32768, 60999);

    private const int LongestText = 64;

    /// <summary>Of the calling thread's network namespace; the default where it cannot be read.</summary>
    public static EphemeralPorts Current() =>
        TryParse(SmallFile.TryRead("/proc/sys/net/ipv4/ip_local_port_range", LongestText), out EphemeralPorts ports) ? ports : Default;

    public bool Contains(ushort port) => port >= First && port <= Last;

    /// <summary>Two numbers with white space between and around them.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EphemeralPorts ports)
    {
        ReadOnlySpan<char> line = text.Trim();
        int gap = Math.Max(line.IndexOfAny('\t', ' '), 0);
        bool read = ushort.TryParse(line[..gap], out ushort first) & ushort.TryParse(line[gap..].Trim(), out ushort last) && first > 0 && last >= first;
        ports = read ? new EphemeralPorts(first, last) : default;
        return read;
    }
}
