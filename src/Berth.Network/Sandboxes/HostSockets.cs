using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall;

namespace Berth.Network.Sandboxes;

/// <summary>
/// The network thread's way to the host: sockets opened once inside the host's namespace, and the way back from any other.
/// Only that thread uses it.
/// </summary>
internal sealed class HostSockets : IDisposable
{
    private readonly FileDescriptor _home;
    private readonly FileDescriptor _host;
    private FileDescriptor _where;

    private HostSockets(FileDescriptor home, FileDescriptor? host, string bridge)
    {
        _home = home;
        _host = host ?? home;
        _where = home;
        Inside(() =>
        {
            Claim = BridgeClaim.Of(bridge);
            Routes = NetlinkSocket.Open(Libc.NETLINK_ROUTE);
            Removals = LinkRemovals.Listen();
            Losses = NetworkLosses.Listen();
            Firewall = NetlinkSocket.Open(Libc.NETLINK_NETFILTER);
            FirewallChanges = NfChanges.Listen();
            Refusals = TryListen(FirewallTable.LogGroup(bridge));
            Remover = new LinkRemover(NetlinkSocket.Open(Libc.NETLINK_ROUTE));
            return true;
        });
    }

    public BridgeClaim Claim { get; private set; } = null!;

    public NetlinkSocket Routes { get; private set; } = null!;

    public NetlinkSocket Firewall { get; private set; } = null!;

    /// <summary>What happened to the firewall since this was opened, by whom ever.</summary>
    public NfChanges FirewallChanges { get; private set; } = null!;

    /// <summary>Packets that allow lists refused; null: the kernel cannot tell of them, or somebody else listens.</summary>
    public NfLog? Refusals { get; private set; }

    public LinkRemovals Removals { get; private set; } = null!;

    public NetworkLosses Losses { get; private set; } = null!;

    /// <summary>May be used by any thread.</summary>
    public LinkRemover Remover { get; private set; } = null!;

    /// <param name="host">The host's namespace; null: the calling thread's. Not owned.</param>
    /// <param name="bridge">The daemon's default bridge.</param>
    /// <exception cref="Storage.EngineException">Conflict: another daemon has that bridge.</exception>
    public static HostSockets Open(FileDescriptor? host, string bridge)
    {
        FileDescriptor home = NetworkNamespace.OpenCurrent();
        try
        {
            return new HostSockets(home, host, bridge);
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

    /// <summary>Runs something in another namespace, a container's, and comes back to where it was.</summary>
    public T Within<T>(FileDescriptor space, Func<T> work)
    {
        FileDescriptor before = _where;
        Enter(space);
        try
        {
            return work();
        }
        finally
        {
            Enter(before);
        }
    }

    /// <summary>
    /// Back to the process's own namespace. Has to happen before anything that may start a thread (a completed task may): a thread
    /// inherits its maker's namespace and would hold a container's for ever.
    /// </summary>
    public void GoHome() => Enter(_home);

    private static NfLog? TryListen(ushort group)
    {
        try
        {
            return NfLog.TryListen(group);
        }
        catch (LinuxException)
        {
            return null; // another program has the group: what is refused stays refused, untold
        }
    }

    private void Enter(FileDescriptor space)
    {
        NetworkNamespace.EnterThread(space);
        _where = space;
    }

    public void Dispose()
    {
        Remover.Dispose();
        Removals.Dispose();
        Losses.Dispose();
        Claim.Dispose();
        FirewallChanges.Dispose();
        Refusals?.Dispose();
        Firewall.Dispose();
        Routes.Dispose();
        _home.Dispose();
    }
}
