using System.Net;
using System.Net.Sockets;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Storage;

namespace Berth.Network.Ports;

/// <summary>
/// Takes ports of the host for a container, all that it asks for or none. A port is taken by a bound socket, so that two never have the same and
/// nobody's service is shadowed by a rule. Called inside the host's namespace.
/// </summary>
/// <param name="holderOf">Which container has a port of ours, as a name; null: none has.</param>
internal sealed class PortReservation(Func<PublishedPort, string?> holderOf)
{
    // The kernel knows a port that is free for IPv4; that it is free for IPv6 too is likely, not sure.
    private const int RandomAttempts = 64;

    /// <exception cref="EngineException">Conflict: taken, and by whom. Invalid: not an address of this host.</exception>
    public List<(PublishedPort Port, FileDescriptor? Socket)> Take(IReadOnlyList<PortRequest> requests, PublishingPlace place)
    {
        var taken = new List<(PublishedPort, FileDescriptor?)>();
        try
        {
            foreach (PortRequest request in requests)
            {
                taken.AddRange(TakeRouted(request, place));
                if (!place.Routed.All && (request.HostAddress ?? place.DefaultAddress) is var address && (address is null || !place.Routed.Has(address)))
                {
                    taken.AddRange(TakeOne(request, address, place.Routed));
                }
            }

            return [.. taken.DistinctBy(t => t.Item1)]; // two requests may open the same port of the container
        }
        catch (LinuxException e) when (e.Errno is Errno.EMFILE or Errno.ENFILE)
        {
            int count = taken.Count;
            Close(taken);
            throw Shortage(e, requests.Count, count, OpenFileLimit.Current());
        }
        catch
        {
            Close(taken);
            throw;
        }
    }

    /// <summary>What a daemon without descriptors left says. Pure.</summary>
    internal static EngineException Shortage(LinuxException e, int ports, int taken, OpenFileLimit limit) => EngineException.Unavailable(
        $"the {ports} published ports of this container need a socket each, two where they are published for IPv4 and IPv6, and no more than {taken} could be had: "
        + (e.Errno == Errno.ENFILE
            ? "the host has no open files left (fs.file-max): raise it, or publish fewer ports"
            : $"berthd, as well as the container's monitor, may have {limit.Soft} open files (RLIMIT_NOFILE): start berthd with a higher hard limit (LimitNOFILE= in its systemd unit, or ulimit -Hn), "
                + "publish fewer ports, or publish them at one address of the host (-p ADDRESS:PORT:PORT), which needs one socket each"),
        e);

    private static void Close(List<(PublishedPort Port, FileDescriptor? Socket)> taken) => taken.ForEach(t => t.Socket?.Dispose());

    // The host's port is of no use there, as with Docker; its address only says of which family the port is.
    private static IEnumerable<(PublishedPort Port, FileDescriptor? Socket)> TakeRouted(PortRequest request, PublishingPlace place)
    {
        AddressFamily? only = (request.HostAddress ?? place.DefaultAddress)?.AddressFamily;
        foreach (IPAddress any in (IPAddress[])[IPAddress.Any, IPAddress.IPv6Any])
        {
            if (place.Routed.Has(any) && (only is null || only == any.AddressFamily))
            {
                yield return (new PublishedPort(request.Protocol, request.ContainerPort, any, 0), null);
            }
        }
    }

    private List<(PublishedPort, FileDescriptor?)> TakeOne(PortRequest request, IPAddress? address, RoutedFamilies routed)
    {
        EngineException? refusal = null;
        foreach (ushort port in request.First == 0 ? Enumerable.Repeat((ushort)0, RandomAttempts) : Range(request))
        {
            try
            {
                return TakeAt(request, address, port, routed);
            }
            catch (EngineException e) when (e.Kind == EngineErrorKind.Conflict)
            {
                refusal = e; // the next of the range, or another by chance
            }
        }

        throw request.First == request.Last ? refusal! : EngineException.Conflict($"{refusal!.Message} (and so are all of the range {request.First}-{request.Last})");
    }

    private static IEnumerable<ushort> Range(PortRequest request) => Enumerable.Range(request.First, request.Last - request.First + 1).Select(p => (ushort)p);

    private List<(PublishedPort, FileDescriptor?)> TakeAt(PortRequest request, IPAddress? address, ushort port, RoutedFamilies routed)
    {
        if (address is not null || routed.Ipv4 || routed.Ipv6)
        {
            return [Bind(request, address ?? (routed.Ipv4 ? IPAddress.IPv6Any : IPAddress.Any), port)];
        }

        var taken = new List<(PublishedPort Port, FileDescriptor? Socket)> { Bind(request, IPAddress.Any, port) };
        try
        {
            taken.Add(Bind(request, IPAddress.IPv6Any, taken[0].Port.HostPort));
        }
        catch (LinuxException e) when (e.Errno is Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL)
        {
            // A host without IPv6.
        }
        catch
        {
            Close(taken);
            throw;
        }

        return taken;
    }

    private (PublishedPort Port, FileDescriptor? Socket) Bind(PortRequest request, IPAddress address, ushort port)
    {
        var wanted = new PublishedPort(request.Protocol, request.ContainerPort, address, port);
        if (port != 0 && holderOf(wanted) is { } holder)
        {
            throw EngineException.Conflict($"Bind for {new IPEndPoint(address, port)} failed: port is already allocated: container {holder} has it; choose another, or stop that container");
        }

        try
        {
            FileDescriptor socket = BoundPort.Take(request.Protocol, address, port);
            ushort bound = port != 0 ? port : InternetSocket.LocalAddress(socket).Port;
            return (wanted with { HostPort = bound }, socket);
        }
        catch (LinuxException e) when (e.Errno == Errno.EADDRINUSE)
        {
            string who = PortOwner.Find(request.Protocol, address, port, except: Environment.ProcessId) is { } owner ? $"{owner.Program} (process {owner.Pid}) has it" : "another program, or the container itself, has it";
            throw EngineException.Conflict($"failed to bind host port for {wanted}: address already in use: {who}; choose another, or stop that program");
        }
        catch (LinuxException e) when (e.Errno == Errno.EADDRNOTAVAIL && !address.Equals(IPAddress.IPv6Any))
        {
            throw EngineException.Invalid($"failed to bind host port for {wanted}: cannot assign requested address: {address} is no address of this host", e);
        }
        catch (LinuxException e) when (e.Errno == Errno.EPROTONOSUPPORT && request.Protocol == PublishedPort.Sctp && port != 0)
        {
            return (wanted, null); // a kernel without SCTP sockets may well pass its packets on; only a number it cannot choose
        }
    }
}
