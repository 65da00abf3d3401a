using System.Net;
using System.Net.Sockets;

using Berth.Linux;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Linux.Time;
using Berth.Network.Firewall.Firewalld;
using Berth.Network.Ports;

namespace Berth.Network.Firewall;

/// <summary>
/// Holds what the firewall should be and keeps the kernel's at that: networks change the whole table, ports and addresses single elements of it,
/// each in one transaction. Used on the network thread only.
/// </summary>
internal sealed class FirewallKeeper(NetlinkSocket socket, string defaultBridge, Action<string> log, bool logs = false, bool owned = false, FirewalldZones? zones = null)
{
    private readonly string _table = FirewallTable.Name(defaultBridge);
    private readonly HashSet<NfChainInfo> _outOfReach = [];
    private readonly Dictionary<string, FirewalledNetwork> _networks = new(StringComparer.Ordinal);
    private readonly HashSet<PortTranslation> _ports = [];
    private readonly HashSet<(ProtocolType Protocol, ushort Port)> _held = [];
    private readonly HashSet<OpenedPort> _opened = [];
    private readonly HashSet<AllowedPair> _pairs = [];
    private readonly Dictionary<(string Bridge, IPAddress Address), long> _allowed = [];
    private readonly TableWriter _writer = new(socket, owned);

    /// <summary>The name of the table, and of the guard's.</summary>
    public string Table => _table;

    /// <summary>Who may speak with which address.</summary>
    public SpoofingGuard Guard => field ??= new SpoofingGuard(socket, _writer, _table, log);

    /// <summary>What an earlier daemon set up is known before the first table is written.</summary>
    public void Know(IEnumerable<FirewalledNetwork> networks, IEnumerable<PortTranslation> ports, IEnumerable<PublishedPort> held, IEnumerable<OpenedPort> opened)
    {
        _held.UnionWith(held.Where(h => h.OnHost).Select(h => (h.Protocol, h.HostPort)));
        _opened.UnionWith(opened);
        foreach (FirewalledNetwork network in networks)
        {
            _networks[network.Bridge] = network;
        }

        _ports.UnionWith(ports);
    }

    /// <summary>
    /// What an earlier daemon's containers were told of their allow lists' names stays open for the rest of its time: they may keep the answers.
    /// Called once networks are known and before the first table is written, as that empties the sets.
    /// </summary>
    public void RecallAllowed()
    {
        long now = MonotonicClock.Milliseconds;
        foreach ((string name, NfType type) in ((string, NfType)[])[(FirewallTable.Allowed4, NfType.Ipv4Address), (FirewallTable.Allowed6, NfType.Ipv6Address)])
        {
            foreach (NfElement element in Standing(new NfSet(name, [NfType.InterfaceName, type])))
            {
                if (element is { Key: [NfValue.InterfaceName bridge, NfValue.Address address], Timeout: { } left }
                    && _networks.TryGetValue(bridge.Name, out FirewalledNetwork? network) && network.EgressLimited)
                {
                    _allowed[(bridge.Name, address.Ip)] = now + (long)left.TotalMilliseconds;
                }
            }
        }
    }

    /// <summary>Writes the whole table, and the exceptions other firewalls need.</summary>
    public void Write()
    {
        _writer.Replace(FirewallTable.Of(defaultBridge, State()));
        PassForeign();
    }

    /// <summary>Writes both tables.</summary>
    public void WriteAll()
    {
        Guard.Write();
        Write();
    }

    /// <summary>Whether the kernel's tables are what they should be, as far as a look can tell.</summary>
    public bool IsWhole() => Guard.IsWhole() && FirewallInspection.IsWhole(socket, FirewallTable.Of(defaultBridge, State()));

    /// <summary>Gets the bridges' packets past others' chains that would drop them, where that is possible; else says so, once for each chain.</summary>
    /// <returns>How many exceptions had to be made.</returns>
    public int PassForeign()
    {
        int made = 0;
        string[] ipv6 = [.. _networks.Values.Where(n => n.Subnets.Any(s => IsIpv6(s.BaseAddress))).Select(n => n.Bridge)];
        Foreign(() => made += ForeignForward.Ensure(socket, NfFamily.Ip, _networks.Keys));
        if (ipv6.Length > 0)
        {
            Foreign(() => made += ForeignForward.Ensure(socket, NfFamily.Ip6, ipv6));
        }

        Foreign(PassOthers);
        return made;
    }

    /// <summary>What is to be said about a port that the host's own firewall denies; null: nothing.</summary>
    public string? WarningFor(PublishedPort port)
    {
        NfFamily[] families = [NfFamily.Inet, port.IsIpv6 ? NfFamily.Ip6 : NfFamily.Ip];
        List<NfChainInfo> chains = [.. families.SelectMany(f => socket.Chains(f)).Where(c => c.Table != _table)];
        if (!chains.Any(c => c.Hook == NfHook.Input))
        {
            return null; // the common case: no rules are listed
        }

        List<NfRuleInfo> rules = [.. families.SelectMany(f => socket.Rules(f)).Where(r => r.Table != _table)];
        return new FirewallAdvice(chains, rules, name => name == "lo" || name == "docker0" || _networks.ContainsKey(name), (family, table, set, number) =>
            socket.Elements(family, table, new NfSet(set, [NfType.Port])).Any(e => e.Key[0] is NfValue.Port found && found.Number == number)).WarningFor(port);
    }

    public void AddNetwork(FirewalledNetwork network)
    {
        _networks[network.Bridge] = network;
        Write();
    }

    public void RemoveNetwork(string bridge)
    {
        if (_networks.Remove(bridge))
        {
            foreach ((string Bridge, IPAddress Address) key in _allowed.Keys.Where(k => k.Bridge == bridge).ToList())
            {
                _allowed.Remove(key);
            }

            Write();
            Foreign(() => ForeignForward.Remove(socket, NfFamily.Ip, bridge));
            Foreign(() => ForeignForward.Remove(socket, NfFamily.Ip6, bridge));
            Foreign(() => Firewalld(Chains(), zones => zones.Leave(bridge)));
        }
    }

    /// <summary>Changes published ports in one transaction.</summary>
    /// <param name="remove">Translations that go.</param>
    /// <param name="add">Translations that come.</param>
    /// <param name="freed">Ports of the host that no container has any more, whichever way they led there.</param>
    /// <param name="taken">Ports that containers have now; those they had already are no matter.</param>
    /// <exception cref="LinuxException">The kernel refused; nothing was changed.</exception>
    public void Change(
        IReadOnlyCollection<PortTranslation> remove, IReadOnlyCollection<PortTranslation> add,
        IReadOnlyCollection<(ProtocolType Protocol, ushort Port)> freed, IReadOnlyCollection<(ProtocolType Protocol, ushort Port)> taken)
    {
        (ProtocolType Protocol, ushort Port)[] free = [.. freed.Where(_held.Contains).Distinct()], held = [.. taken.Where(t => !_held.Contains(t)).Distinct()];
        PortTranslation[] going = [.. remove.Where(_ports.Contains).Distinct()], coming = [.. add.Where(p => !_ports.Contains(p) || going.Contains(p)).Distinct()];
        if (going.Length + coming.Length + free.Length + held.Length == 0)
        {
            return;
        }

        Commit(
            () =>
            {
                _held.ExceptWith(free);
                _held.UnionWith(held);
                _ports.ExceptWith(going);
                _ports.UnionWith(coming);
            },
            () =>
            {
                _held.ExceptWith(held);
                _held.UnionWith(free);
                _ports.ExceptWith(coming);
                _ports.UnionWith(going);
            },
            [.. free.Select(f => (FirewallTable.Held, FirewallTable.Element(f))), .. Elements(going)],
            [.. held.Select(h => (FirewallTable.Held, FirewallTable.Element(h))), .. Elements(coming)]);
    }

    /// <summary>Opens ports at their containers' own addresses, or no longer.</summary>
    public void Change(IReadOnlyCollection<OpenedPort> remove, IReadOnlyCollection<OpenedPort> add)
    {
        OpenedPort[] going = [.. remove.Except(add).Where(_opened.Contains)], coming = [.. add.Distinct().Where(p => !_opened.Contains(p))];
        if (going.Length + coming.Length == 0)
        {
            return;
        }

        Commit(
            () =>
            {
                _opened.ExceptWith(going);
                _opened.UnionWith(coming);
            },
            () =>
            {
                _opened.ExceptWith(coming);
                _opened.UnionWith(going);
            },
            [.. going.Select(DirectAccess.Element)],
            [.. coming.Select(DirectAccess.Element)]);
    }

    /// <summary>Lets pairs of containers reach each other's ports, or no longer.</summary>
    public void Change(IReadOnlyCollection<AllowedPair> remove, IReadOnlyCollection<AllowedPair> add)
    {
        AllowedPair[] going = [.. remove.Where(_pairs.Contains).Distinct()], coming = [.. add.Where(p => !_pairs.Contains(p)).Distinct()];
        if (going.Length + coming.Length == 0)
        {
            return;
        }

        Commit(
            () =>
            {
                _pairs.ExceptWith(going);
                _pairs.UnionWith(coming);
            },
            () =>
            {
                _pairs.ExceptWith(coming);
                _pairs.UnionWith(going);
            },
            [.. going.Select(FirewallTable.Element)],
            [.. coming.Select(FirewallTable.Element)]);
    }

    /// <summary>Lets a limited network reach addresses, each for a while.</summary>
    public void Allow(string bridge, IReadOnlyCollection<(IPAddress Address, TimeSpan Lifetime)> addresses)
    {
        if (!_networks.TryGetValue(bridge, out FirewalledNetwork? network) || !network.EgressLimited || addresses.Count == 0)
        {
            return;
        }

        long now = MonotonicClock.Milliseconds;
        Commit(
            () =>
            {
                foreach ((IPAddress address, TimeSpan lifetime) in addresses)
                {
                    _allowed[(bridge, address)] = Math.Max(now + (long)lifetime.TotalMilliseconds, _allowed.GetValueOrDefault((bridge, address)));
                }
            },
            static () => { },
            transaction =>
            {
                foreach (IGrouping<bool, IPAddress> some in addresses.Select(a => a.Address).Distinct().GroupBy(IsIpv6))
                {
                    transaction.Refresh(
                        NfFamily.Inet, _table, some.Key ? FirewallTable.Allowed6 : FirewallTable.Allowed4, [.. some.Select(a => Element(bridge, a, _allowed[(bridge, a)] - now))]);
                }
            });
    }

    // With their maps and sets.
    private IEnumerable<(string Set, NfElement Element)> Elements(IReadOnlyCollection<PortTranslation> ports) =>
        ports.Select(FirewallTable.Element).Concat(ports.Select(p => FirewallTable.OwnElement(p, _networks.Values)).OfType<(string, NfElement)>());

    private void Commit(Action change, Action undo, IEnumerable<(string Set, NfElement Element)> going, IEnumerable<(string Set, NfElement Element)> coming) => Commit(change, undo, transaction =>
    {
        foreach (IGrouping<string, NfElement> some in going.GroupBy(e => e.Set, e => e.Element))
        {
            transaction.Remove(NfFamily.Inet, _table, some.Key, [.. some]);
        }

        foreach (IGrouping<string, NfElement> some in coming.GroupBy(e => e.Set, e => e.Element))
        {
            transaction.Add(NfFamily.Inet, _table, some.Key, [.. some]);
        }
    });

    // The table may have been flushed by somebody a moment ago: then all of it is written, with what was to change.
    private void Commit(Action change, Action undo, Action<NfTransaction> fill)
    {
        change();
        try
        {
            var transaction = new NfTransaction();
            fill(transaction);
            transaction.Commit(socket);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.EEXIST)
        {
            WriteOr(undo);
        }
        catch
        {
            undo();
            throw;
        }
    }

    private void WriteOr(Action undo)
    {
        try
        {
            Write();
        }
        catch
        {
            undo();
            throw;
        }
    }

    private List<NfElement> Standing(NfSet set)
    {
        try
        {
            return socket.Elements(NfFamily.Inet, _table, set);
        }
        catch (LinuxException e)
        {
            if (e.Errno != Errno.ENOENT) // the host's first start
            {
                log($"what allow lists had opened could not be read, and is open again when it is asked for: {e.Message}");
            }

            return [];
        }
    }

    private List<NfChainInfo> Chains() => [.. ((NfFamily[])[NfFamily.Inet, NfFamily.Ip, NfFamily.Ip6]).SelectMany(family => socket.Chains(family)).Where(c => c.Table != _table)];

    private void Firewalld(List<NfChainInfo> chains, Action<FirewalldZones> tell)
    {
        if (zones is not null && FirewalldZones.IsHere(chains))
        {
            tell(zones);
        }
    }

    private void PassOthers()
    {
        List<NfChainInfo> chains = Chains(), found = [.. ForeignForward.OutOfReach(chains)];
        Firewalld(chains, zones => zones.Enter(_networks.Keys));
        _outOfReach.IntersectWith(found);
        foreach (NfChainInfo chain in found.Where(_outOfReach.Add))
        {
            log($"the chain {chain.Name} of the table {chain.Family.ToString().ToLowerInvariant()} {chain.Table} drops by its policy what passes through this host: containers reach the "
                + $"outside, and are reached at published ports, only as far as rules there accept it; let it accept packets whose iifname or oifname is a container network's bridge ({defaultBridge} ...)");
        }
    }

    private void Foreign(Action change)
    {
        try
        {
            change();
        }
        catch (LinuxException e)
        {
            // Its owner may be changing it at this moment; then it is looked at again. Without the exception containers do not get out, but nobody gets in either.
            log($"containers may not reach the outside: the host's FORWARD chain may drop their packets, and no exception could be made: {e.Message}");
        }
    }

    private FirewallState State()
    {
        long now = MonotonicClock.Milliseconds;
        foreach ((string Bridge, IPAddress Address) key in _allowed.Where(a => a.Value <= now).Select(a => a.Key).ToList())
        {
            _allowed.Remove(key);
        }

        return new FirewallState
        {
            Networks = [.. _networks.Values],
            Logs = logs,
            Ports = _ports,
            Held = _held,
            Opened = _opened,
            Pairs = _pairs,
            Allowed4 = [.. _allowed.Where(a => !IsIpv6(a.Key.Address)).Select(a => Element(a.Key.Bridge, a.Key.Address, a.Value - now))],
            Allowed6 = [.. _allowed.Where(a => IsIpv6(a.Key.Address)).Select(a => Element(a.Key.Bridge, a.Key.Address, a.Value - now))],
        };
    }

    private static NfElement Element(string bridge, IPAddress address, long milliseconds) =>
        new(new NfValue.InterfaceName(bridge), new NfValue.Address(address)) { Timeout = TimeSpan.FromMilliseconds(Math.Max(1000, milliseconds)) };

    private static bool IsIpv6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;
}
