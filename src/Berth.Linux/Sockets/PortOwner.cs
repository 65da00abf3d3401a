using System.Globalization;
using System.Net;
using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Netlink;

using static Berth.Linux.Interop.Libc;

namespace Berth.Linux.Sockets;

/// <summary>Who has a port.</summary>
/// <param name="Pid">A process that has the socket open.</param>
/// <param name="Program">Its name, as /proc/PID/comm has it.</param>
public sealed record PortOwner(int Pid, string Program)
{
    /// <summary>
    /// Who keeps others from binding a port in the calling thread's network namespace. Reads all processes' open files: for an error's text, not for
    /// deciding. Null when nobody has it (any more), or a process that cannot be seen, or the kernel.
    /// </summary>
    /// <param name="protocol">TCP, UDP or 132 for SCTP.</param>
    /// <param name="address">The address that could not be bound; 0.0.0.0 and :: collide with every address.</param>
    /// <param name="port">The port.</param>
    /// <param name="except">A process that is not meant, as it only tries; 0: none.</param>
    public static PortOwner? Find(ProtocolType protocol, IPAddress address, ushort port, int except = 0)
    {
        using NetlinkSocket diagnosis = NetlinkSocket.Open(NETLINK_SOCK_DIAG);
        HashSet<string> links = [.. diagnosis.BoundSockets(protocol, port)
            .Where(socket => socket.Inode != 0 && Collides(socket.Address, address))
            .Select(static socket => string.Create(CultureInfo.InvariantCulture, $"socket:[{socket.Inode}]"))];
        return links.Count == 0 ? null : FindProcess(links, except);
    }

    /// <summary>Whether sockets on both addresses are in each other's way, as far as the addresses tell: a socket on :: takes IPv4 too unless told not to.</summary>
    internal static bool Collides(IPAddress one, IPAddress other)
    {
        one = one.IsIPv4MappedToIPv6 ? one.MapToIPv4() : one;
        other = other.IsIPv4MappedToIPv6 ? other.MapToIPv4() : other;
        bool oneAny = one.Equals(IPAddress.Any) || one.Equals(IPAddress.IPv6Any), otherAny = other.Equals(IPAddress.Any) || other.Equals(IPAddress.IPv6Any);
        bool sameFamily = one.AddressFamily == other.AddressFamily;
        return one.Equals(other)
            || (sameFamily && (oneAny || otherAny))
            || (!sameFamily && (one.Equals(IPAddress.IPv6Any) || other.Equals(IPAddress.IPv6Any)));
    }

    private static PortOwner? FindProcess(HashSet<string> links, int except)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid != except && HasOneOf(process, links))
            {
                return new PortOwner(pid, SmallFile.TryRead($"{process}/comm")?.TrimEnd('\n') ?? "");
            }
        }

        return null;
    }

    private static bool HasOneOf(string process, HashSet<string> links)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"{process}/fd").Any(file => new FileInfo(file).LinkTarget is string target && links.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone meanwhile, or not ours to see
        }
    }
}
