using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;

namespace Berth.Network.Firewall;

/// <summary>
/// Keeps <see cref="SpoofingTable"/>: on networks that keep their containers apart, a container speaks as none of its neighbours. The table stands while
/// somebody is on such a network; packets of other bridges pay nothing else. Used on the network thread only.
/// </summary>
internal sealed class SpoofingGuard(NetlinkSocket socket, TableWriter writer, string table, Action<string> log)
{
    private readonly Dictionary<string, PortPlace> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<NfValue, int> _owners = []; // an address may be with the next before the last one's port is gone
    private bool _stands;
    private bool _told;

    /// <summary>Ports that addresses are bound to.</summary>
    public IReadOnlyCollection<string> Ports => _places.Keys;

    /// <summary>What an earlier daemon bound, before the first <see cref="Write"/>.</summary>
    public void Know(IEnumerable<PortPlace> places)
    {
        foreach (PortPlace place in places)
        {
            Take(place);
        }
    }

    /// <summary>The whole table, or none where there is nobody to guard.</summary>
    public void Write()
    {
        try
        {
            if (_places.Count > 0)
            {
                writer.Replace(SpoofingTable.Of(table, _places.Values));
            }
            else
            {
                writer.Remove(NfFamily.Bridge, table);
            }

            _stands = _places.Count > 0;
        }
        catch (LinuxException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EAFNOSUPPORT or Errno.ENOENT)
        {
            _stands = false;
            TellOnce(e);
        }
    }

    /// <summary>Binds a new port's addresses to it, before a packet comes out of it.</summary>
    /// <exception cref="LinuxException">The kernel refused; nothing was changed.</exception>
    public void Add(PortPlace place)
    {
        Remove([place.Port]);
        List<(string, NfElement)> elements = Take(place);
        try
        {
            Change(elements, static (transaction, table, set, some) => transaction.Add(NfFamily.Bridge, table, set, some));
        }
        catch
        {
            Leave(place);
            throw;
        }
    }

    /// <summary>These ports are gone. Others, and those that nothing is bound to, are no matter.</summary>
    public void Remove(IEnumerable<string> ports)
    {
        List<(string, NfElement)> elements = [];
        foreach (string port in ports)
        {
            if (_places.TryGetValue(port, out PortPlace? place))
            {
                elements.AddRange(Leave(place));
            }
        }

        if (elements.Count == 0)
        {
            return;
        }

        try
        {
            Change(elements, static (transaction, table, set, some) => transaction.Remove(NfFamily.Bridge, table, set, some));
        }
        catch (LinuxException e)
        {
            // Whoever gets the addresses has a port of his own among those that may use them.
            log($"ports of bridges are gone and still stand in the table bridge {table}: {e.Message}");
        }
    }

    /// <summary>Whether the kernel's table is what it should be, as far as a look can tell.</summary>
    public bool IsWhole() => !_stands || FirewallInspection.IsWhole(socket, SpoofingTable.Of(table, _places.Values));

    // Each answers with the elements that come or go by it.
    private List<(string Set, NfElement Element)> Take(PortPlace place)
    {
        _places.Add(place.Port, place);
        List<(string, NfElement)> elements = [.. SpoofingTable.Bound(place)];
        foreach ((string set, NfElement element, NfValue value) in SpoofingTable.Owned(place))
        {
            int owners = _owners[value] = _owners.GetValueOrDefault(value) + 1;
            if (owners == 1)
            {
                elements.Add((set, element));
            }
        }

        return elements;
    }

    private List<(string Set, NfElement Element)> Leave(PortPlace place)
    {
        _places.Remove(place.Port);
        List<(string, NfElement)> elements = [.. SpoofingTable.Bound(place)];
        foreach ((string set, NfElement element, NfValue value) in SpoofingTable.Owned(place))
        {
            if (--_owners[value] == 0)
            {
                _owners.Remove(value);
                elements.Add((set, element));
            }
        }

        return elements;
    }

    private void Change(List<(string Set, NfElement Element)> elements, Action<NfTransaction, string, string, NfElement[]> fill)
    {
        if (!_stands || _places.Count == 0)
        {
            Write();
            return;
        }

        try
        {
            var transaction = new NfTransaction();
            foreach (IGrouping<string, (string Set, NfElement Element)> some in elements.GroupBy(e => e.Set))
            {
                fill(transaction, table, some.Key, [.. some.Select(e => e.Element)]);
            }

            transaction.Commit(socket);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.EEXIST)
        {
            Write(); // somebody changed it a moment ago
        }
    }

    private void TellOnce(LinuxException e)
    {
        if (_places.Count > 0 && !_told)
        {
            _told = true;
            log($"containers on networks that keep theirs apart can send with their neighbours' addresses, and so use links of theirs: this kernel filters no bridges (nf_tables of the family bridge): {e.Message}");
        }
    }
}
