using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

using Berth.Network;

namespace Berth.Engine.Networks.Checks;

/// <summary>Reads who listens in a network namespace from /proc/PID/net. proc_pid_net(5).</summary>
internal static class ListeningSockets
{
    // enum tcp_states of linux/tcp.h: UDP's sockets that are not connected to anybody stand as closed.
    private const string Listening = "0A", Closed = "07";

    /// <summary>Those of a process's namespace; what has gone meanwhile is empty.</summary>
    public static IReadOnlyList<ListeningSocket> Of(int pid) =>
    [
        .. Inet(Lines(pid, "tcp"), ProtocolType.Tcp), .. Inet(Lines(pid, "tcp6"), ProtocolType.Tcp),
        .. Inet(Lines(pid, "udp"), ProtocolType.Udp), .. Inet(Lines(pid, "udp6"), ProtocolType.Udp), .. Sctp(Lines(pid, "sctp/eps")),
    ];

    /// <summary>"0: 0100007F:1F90 00000000:0000 0A …" a line, behind a heading.</summary>
    public static IEnumerable<ListeningSocket> Inet(IEnumerable<string> lines, ProtocolType protocol)
    {
        foreach (string line in lines.Skip(1))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var local, _, var state, ..] && state == (protocol == ProtocolType.Tcp ? Listening : Closed)
                && local.Split(':') is [var address, var port] && AddressOf(address) is { } parsed
                && ushort.TryParse(port, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort number))
            {
                yield return new ListeningSocket(protocol, parsed, number);
            }
        }
    }

    /// <summary>"ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS": listening (state 10) endpoints, an address or more at the end.</summary>
    public static IEnumerable<ListeningSocket> Sctp(IEnumerable<string> lines)
    {
        foreach (string line in lines.Skip(1))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 8 && fields[3] == "10" && ushort.TryParse(fields[5], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            {
                foreach (IPAddress address in fields[8..].Select(static f => IPAddress.TryParse(f, out IPAddress? a) ? a : null).OfType<IPAddress>())
                {
                    yield return new ListeningSocket(PublishedPort.Sctp, address, port);
                }
            }
        }
    }

    // Words of 32 bits as they lie in memory, each printed as a number of this machine's order.
    private static IPAddress? AddressOf(string hex)
    {
        if (hex.Length is not (8 or 32))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[hex.Length / 2];
        for (int i = 0; i < bytes.Length; i += 4)
        {
            if (!uint.TryParse(hex.AsSpan(i * 2, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint word))
            {
                return null;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(bytes[i..], word);
        }

        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static List<string> Lines(int pid, string file)
    {
        try
        {
            return [.. File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/net/{file}"))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it ended, or the kernel does not know the protocol
        }
    }
}
