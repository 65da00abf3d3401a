using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Oci.Monitor;
using Berth.Runtime.Monitor.Loop;
using Berth.Runtime.Monitor.Ports.Proxies;

namespace Berth.Runtime.Monitor.Ports;

/// <summary>The published ports of the container: taken as long as it lives, whether or not a daemon does.</summary>
internal sealed class PortTable(MonitorLoop loop)
{
    private readonly HeldSockets _held = new();
    private readonly List<PublishedPort> _proxied = [];
    private ProxyLoop? _proxies;

    /// <summary>Changes the ports: all of it or nothing.</summary>
    /// <param name="call">What is asked for.</param>
    /// <param name="sockets">Of the new ports. Taken over, and the list emptied, when it is done; the caller has to close them when not.</param>
    /// <returns>Null, or why not.</returns>
    public MonitorFailure? Change(MonitorPorts call, List<FileDescriptor> sockets)
    {
        Dictionary<(int Protocol, InternetAddress Address), int> held = _held.Numbers();
        PortChange change = PortChange.Read(call, key => held.ContainsKey((key.Protocol, key.Host)) || Find(key) is not null, sockets.Count, out string? refusal);
        for (int i = 0; i < sockets.Count && refusal is null; i++)
        {
            refusal = PublishedPort.Mismatch(change.New[i].Key, sockets[i]);
        }

        if (refusal is not null)
        {
            return Failure(0, refusal);
        }

        try
        {
            Apply(change, sockets, held);
            return null;
        }
        catch (LinuxException e)
        {
            return Failure(e.Errno, e.Message);
        }
    }

    /// <summary>Closes all ports and all connections, at once. What the program wrote before it ended is still passed on as far as the client takes it.</summary>
    public void Close()
    {
        _held.Dispose();
        _proxied.ForEach(p => p.Stop().Dispose());
        _proxied.Clear();
        _proxies?.EndAll();
    }

    private void Apply(PortChange change, List<FileDescriptor> sockets, Dictionary<(int Protocol, InternetAddress Address), int> held)
    {
        var proxied = new List<PublishedPort>();
        var awakened = new List<PublishedPort>();
        try
        {
            for (int i = 0; i < sockets.Count; i++)
            {
                if (change.New[i].Target.Mode != MonitorPortMode.Hold)
                {
                    proxied.Add(new PublishedPort(change.New[i].Key, sockets[i], change.New[i].Target, Proxies()));
                }
            }

            foreach ((PortKey key, PortTarget target) in change.Changed)
            {
                if (target.Mode != MonitorPortMode.Hold && held.TryGetValue((key.Protocol, key.Host), out int number))
                {
                    awakened.Add(Awaken(key, number, target));
                }
            }
        }
        catch (LinuxException)
        {
            proxied.ForEach(p => p.Stop());
            awakened.ForEach(Hold);
            throw;
        }

        Remove(change.Removed, held);
        Retarget(change.Changed);
        for (int i = 0; i < sockets.Count; i++)
        {
            if (change.New[i].Target.Mode == MonitorPortMode.Hold)
            {
                Hold(change.New[i].Key, sockets[i]);
            }
        }

        sockets.Clear();
        _proxied.AddRange(proxied);
        _proxied.AddRange(awakened);
        _proxies?.PortsAre(_held.Count + _proxied.Count);
    }

    private PublishedPort Awaken(PortKey key, int number, PortTarget target)
    {
        FileDescriptor socket = _held.Take(number);
        try
        {
            if (key.Protocol == Libc.IPPROTO_UDP)
            {
                UdpSocket.DropAll(socket, drop: false);
            }

            return new PublishedPort(key, socket, target, Proxies());
        }
        catch (LinuxException)
        {
            Hold(key, socket);
            throw;
        }
    }

    private void Remove(HashSet<PortKey> removed, Dictionary<(int Protocol, InternetAddress Address), int> held)
    {
        foreach (PortKey key in removed)
        {
            if (held.TryGetValue((key.Protocol, key.Host), out int number))
            {
                _held.Take(number).Dispose();
            }
            else if (Find(key) is { } port)
            {
                _proxied.Remove(port);
                port.Stop().Dispose();
            }
        }
    }

    // Those that were held so far are not among the proxied yet.
    private void Retarget(List<(PortKey Key, PortTarget Target)> changed)
    {
        foreach ((PortKey key, PortTarget target) in changed)
        {
            if (Find(key) is not { } port)
            {
                continue;
            }

            if (target.Mode == MonitorPortMode.Hold)
            {
                _proxied.Remove(port);
                Hold(port);
            }
            else
            {
                port.Change(target);
            }
        }
    }

    private void Hold(PublishedPort port) => Hold(port.Key, port.Stop());

    private void Hold(PortKey key, FileDescriptor socket)
    {
        if (key.Protocol == Libc.IPPROTO_UDP)
        {
            UdpSocket.DropAll(socket, drop: true);
        }

        _held.Add(socket);
    }

    private ProxyLoop Proxies()
    {
        if (_proxies is null)
        {
            _proxies = new ProxyLoop(loop.Scratch, OpenFileLimit.Current().Soft);
            _proxies.PortsAre(_held.Count);
            loop.Add(_proxies);
        }

        return _proxies;
    }

    private PublishedPort? Find(PortKey key)
    {
        foreach (PublishedPort port in _proxied)
        {
            if (port.Key == key)
            {
                return port;
            }
        }

        return null;
    }

    private static MonitorFailure Failure(int errno, string message) => new() { ExitCode = 128, Step = "ports", Errno = errno, Message = $"changing ports failed: {message}" };
}
