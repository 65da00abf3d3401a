using System.Net.Sockets;

using Berth.Linux.NfTables;

namespace Berth.Network.Firewall.Firewalld;

/// <summary>
/// Keeps container networks' bridges in firewalld's zone "trusted", as dockerd keeps its own in a zone of that kind. firewalld rejects what passes from
/// an interface without a zone, which no accept elsewhere overrules, and may own its table, so that nobody can add to it (NftablesTableOwner): it
/// has to be told, over D-Bus. It is told when its rules are seen to change, as each of its reloads forgets it: it answers when it is done with that.
/// What an administrator put into another zone stays there. Safe for concurrent use.
/// </summary>
/// <param name="busAddress">Of the system's bus, as DBUS_SYSTEM_BUS_ADDRESS has it; null: where it usually is.</param>
/// <param name="log">One line a change, or why there is none.</param>
internal sealed class FirewalldZones(string? busAddress, Action<string> log) : IAsyncDisposable
{
    public const string Table = "firewalld", Trusted = "trusted";

    private const string Service = "org.fedoraproject.FirewallD1";

    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(30); // it answers nobody while it reloads

    private readonly Lock _lock = new();
    private readonly HashSet<string> _enter = [], _leave = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private bool _running;
    private string _told = "";

    /// <summary>Whether firewalld's rules stand in the network namespace these chains are of: the one on the bus may be another host's. Pure.</summary>
    public static bool IsHere(IEnumerable<NfChainInfo> chains) => chains.Any(static c =>
        c is { Family: NfFamily.Inet, Table: Table, Hook: NfHook.Forward }
        || c is { Family: NfFamily.Ip, Table: ForeignForward.FilterTable, Name: "FORWARD_ZONES" or "FORWARD_IN_ZONES" }); // FirewallBackend=iptables

    /// <summary>What is asked for so far is done, or is known not to be possible.</summary>
    public Task Settled
    {
        get
        {
            lock (_lock)
            {
                return _run;
            }
        }
    }

    /// <summary>Bridges are to be in the zone, when they are in none.</summary>
    public void Enter(IReadOnlyCollection<string> bridges)
    {
        lock (_lock)
        {
            _enter.UnionWith(bridges);
            _leave.ExceptWith(bridges);
            Start();
        }
    }

    /// <summary>A bridge has gone.</summary>
    public void Leave(string bridge)
    {
        lock (_lock)
        {
            _enter.Remove(bridge);
            _leave.Add(bridge);
            Start();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await Settled;
            _stop.Dispose();
        }
    }

    private void Start()
    {
        if (!_running && !_stop.IsCancellationRequested)
        {
            _running = true;
            _run = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        while (Take() is { } work)
        {
            try
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                deadline.CancelAfter(CallDeadline);
                await TellAsync(work.Enter, work.Leave, deadline.Token);
                _told = "";
            }
            catch (Exception e) when (e is SocketException or BusException or OperationCanceledException)
            {
                Complain(e, work.Enter);
            }
        }
    }

    private (string[] Enter, string[] Leave)? Take()
    {
        lock (_lock)
        {
            _running = _enter.Count + _leave.Count > 0 && !_stop.IsCancellationRequested;
            if (!_running)
            {
                return null;
            }

            (string[] Enter, string[] Leave) work = ([.. _enter], [.. _leave]);
            _enter.Clear();
            _leave.Clear();
            return work;
        }
    }

    private async Task TellAsync(string[] enter, string[] leave, CancellationToken cancel)
    {
        string path = BusConnection.PathOf(busAddress) ?? throw new BusException($"\"{busAddress}\" is no address of a socket in the file system");
        using BusConnection bus = await BusConnection.OpenAsync(path, cancel);
        foreach (string bridge in enter)
        {
            if ((await ZoneAsync(bus, "getZoneOfInterface", cancel, bridge)).Length == 0)
            {
                await ZoneAsync(bus, "addInterface", cancel, Trusted, bridge);
                log($"firewalld did not know the bridge {bridge}: it was put into the zone {Trusted}, so that its containers reach the outside");
            }
        }

        foreach (string bridge in leave)
        {
            if (await ZoneAsync(bus, "getZoneOfInterface", cancel, bridge) == Trusted)
            {
                await ZoneAsync(bus, "removeInterface", cancel, Trusted, bridge);
            }
        }
    }

    private static Task<string> ZoneAsync(BusConnection bus, string method, CancellationToken cancel, params string[] arguments) =>
        bus.CallAsync(new BusCall(Service, "/org/fedoraproject/FirewallD1", Service + ".zone", method) { Arguments = arguments }, cancel);

    private void Complain(Exception e, string[] bridges)
    {
        string line = $"containers may not reach the outside: firewalld rejects what comes from interfaces it does not know, and could not be told of {string.Join(", ", bridges)}: "
            + $"{(e is OperationCanceledException ? $"no answer within {CallDeadline.TotalSeconds} s" : e.Message)}; tell it by firewall-cmd --permanent --zone={Trusted} --add-interface=BRIDGE and firewall-cmd --reload";
        if (bridges.Length > 0 && !_stop.IsCancellationRequested && line != _told)
        {
            _told = line;
            log(line);
        }
    }
}
