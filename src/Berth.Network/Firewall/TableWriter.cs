using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;

namespace Berth.Network.Firewall;

/// <summary>
/// Puts whole tables into the kernel as this socket's own, where the kernel can (6.9). A table that is swept away and put back has not translated for a
/// moment, and a packet of an open connection in that moment is answered by the host's own stack: with a reset. So others' "nft flush ruleset" has to pass
/// over ours. Used on the network thread only.
/// </summary>
/// <param name="socket">All changes of the tables go through it: another one may not change what this one owns.</param>
/// <param name="owns">False: tables are as any other, on every kernel.</param>
internal sealed class TableWriter(NetlinkSocket socket, bool owns)
{
    private bool _owns = owns;

    /// <summary>Puts a table in place of whatever stands under its name now.</summary>
    /// <exception cref="LinuxException">The kernel refused; nothing was changed.</exception>
    public void Replace(NfTable table)
    {
        if (!_owns)
        {
            new NfTransaction().Replace(table).Commit(socket);
            return;
        }

        try
        {
            new NfTransaction().ReplaceOwned(table).Commit(socket);
        }
        catch (LinuxException e) when (IsUnknown(e))
        {
            new NfTransaction().Replace(table).Commit(socket);
            _owns = false; // it was that, and nothing about the table
        }
    }

    /// <summary>Removes a table; there may be none.</summary>
    /// <exception cref="LinuxException">The kernel refused; nothing was changed.</exception>
    public void Remove(NfFamily family, string table)
    {
        NfTransaction removal = _owns ? new NfTransaction().Destroy(family, table) : new NfTransaction().AddTable(family, table).Delete(family, table);
        try
        {
            removal.Commit(socket);
        }
        catch (LinuxException e) when (_owns && IsUnknown(e))
        {
            new NfTransaction().AddTable(family, table).Delete(family, table).Commit(socket);
        }
    }

    private static bool IsUnknown(LinuxException e) => e.Errno is Errno.EOPNOTSUPP or Errno.EINVAL;
}
