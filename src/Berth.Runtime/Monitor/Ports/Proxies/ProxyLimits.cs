namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>How much a container's proxies may have at once. A monitor has to go on answering calls and starting execs whatever its clients do.</summary>
/// <param name="Connections">TCP connections; further clients wait in the listeners' queues until one ends.</param>
/// <param name="Flows">UDP clients; a further one takes the place of that which has been silent longest.</param>
internal readonly record struct ProxyLimits(int Connections, int Flows)
{
    /// <summary>Two sockets, and a pipe each way while bytes wait in it.</summary>
    private const int DescriptorsPerConnection = 6;

    private const int MostConnections = 16 * 1024;

    private const int MostFlows = 4096;

    /// <summary>As many as descriptors were enough for before there were ports: log, streams, clients of monitor.sock, execs.</summary>
    private const ulong MonitorsOwn = 1024;

    /// <summary>Three quarters of what is left are for TCP.</summary>
    /// <param name="openFiles">RLIMIT_NOFILE.</param>
    /// <param name="ports">Published ports, one descriptor each.</param>
    public static ProxyLimits Of(ulong openFiles, int ports)
    {
        ulong own = Math.Min(MonitorsOwn, openFiles / 2) + (ulong)ports;
        long left = openFiles > own ? (long)Math.Min(openFiles - own, int.MaxValue) : 0;
        long connections = left * 3 / 4 / DescriptorsPerConnection;
        return new ProxyLimits((int)Math.Clamp(connections, 1, MostConnections), (int)Math.Clamp(left / 4, 1, MostFlows));
    }
}
