using Berth.Linux.Interop;
using Berth.Linux.Sockets;

namespace Berth.Runtime.Monitor.Ports;

/// <summary>What tells one published port from another.</summary>
/// <param name="Protocol">IPPROTO_TCP and so on.</param>
/// <param name="Host">Address and port of the host.</param>
internal readonly record struct PortKey(int Protocol, InternetAddress Host)
{
    /// <summary>Null where it was read, or why it names no port.</summary>
    public static string? Read(string protocol, string address, ushort port, out PortKey key)
    {
        int number = protocol switch { "tcp" => Libc.IPPROTO_TCP, "udp" => Libc.IPPROTO_UDP, "sctp" => Libc.IPPROTO_SCTP, _ => 0 };
        bool literal = InternetAddress.TryParse(address, port, out InternetAddress host);
        key = new PortKey(number, host);
        return number == 0 ? $"protocol \"{protocol}\" is none of tcp, udp and sctp"
            : !literal ? $"host address \"{address}\" is no literal IP address"
            : port == 0 ? "the host port is 0"
            : null;
    }
}
