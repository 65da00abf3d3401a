using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;

namespace Berth.Network.Sandboxes;

/// <summary>
/// The network thread's way to the host: sockets opened once inside the host's namespace, and the way back from any other.
/// Only that thread uses it.
/// </summary>
internal sealed class HostSockets : IDisposable
{
    private readonly FileDescriptor _home;
    private readonly FileDescriptor _host;

    private HostSockets(FileDescriptor home, FileDescriptor? host)
    {
        _home = home;
        _host = host ?? home;
        Inside(() =>
        {
            Routes = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
            Removals = LinkRemovals.Listen();
            Firewall = NetlinkSocket.Open(Libc.NETLINK_NETFILTER);
            FirewallChanges = NfChanges.Listen();
            return true;
        });
    }

    public NetlinkSocket Routes { get; private set; } = null!;

    public NetlinkSocket Firewall { get; private set; } = null!;

    /// <summary>What happened to the firewall since this was opened, by whom ever.</summary>
    public NfChanges FirewallChanges { get; private set; } = null!;

    public LinkRemovals Removals { get; private set; } = null!;

    /// <param name="host">The host's namespace; null: the calling thread's. Not owned.</param>
    public static HostSockets Open(FileDescriptor? host)
    {
        FileDescriptor home = NetworkNamespace.OpenCurrent();
        try
        {
            return new HostSockets(home, host);
        }
        catch
        {
            home.Dispose();
            throw;
        }
    }

    /// <summary>Runs something in the host's namespace (for files below /proc/sys/net and new sockets) and comes back.</summary>
    public T Inside<T>(Func<T> work) => Within(_host, work);

    public void Inside(Action work) => Inside(() =>
    {
        work();
        return true;
    });

    /// <summary>Runs something in another namespace, a container's, and comes back.</summary>
    public T Within<T>(FileDescriptor space, Func<T> work)
    {
        NetworkNamespace.EnterThread(space);
        try
        {
            return work();
        }
        finally
        {
            GoHome();
        }
    }

    /// <summary>
    /// Back to the process's own namespace. Has to happen before anything that may start a thread (a completed task may): a thread
    /// inherits its maker's namespace and would hold a container's for ever.
    /// </summary>
    public void GoHome() => NetworkNamespace.EnterThread(_home);

    public void Dispose()
    {
        Removals.Dispose();
        FirewallChanges.Dispose();
        Firewall.Dispose();
        Routes.Dispose();
        _home.Dispose();
    }
}
