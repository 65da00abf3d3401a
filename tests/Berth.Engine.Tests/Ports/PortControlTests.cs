using System.Diagnostics;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Events;
using Berth.Engine.Ports;
using Berth.Engine.Tests.Monitors;
using Berth.Linux.Files;
using Berth.Linux.Namespaces;
using Berth.Network;
using Berth.Oci.Monitor;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;

namespace Berth.Engine.Tests.Ports;

/// <summary>Ports that come and go: record, kernel and monitor agree, also where one of them refuses. On a host of its own, with networks in the kernel.</summary>
public sealed class PortControlTests : IAsyncLifetime
{
    private const string Done = "{}";

    private static readonly string WebId = new('a', 64), OtherId = new('b', 64);

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-control-").FullName;
    private readonly FileDescriptor _host = NetworkNamespace.Create();
    private readonly ContainerRegistry _registry = new();
    private readonly List<Sandbox> _sandboxes = [];
    private readonly TestMonitor _monitor = new();
    private BerthDatabase _database = null!;
    private EventLog _events = null!;
    private NetworkService _networks = null!;
    private PortControl _control = null!;

    public async ValueTask InitializeAsync()
    {
        var root = new DataRoot(Path.Join(_folder, "data"), Path.Join(_folder, "run"));
        root.Create();
        _database = BerthDatabase.Open(root, Durable.None());
        _events = new EventLog(_database);
        _networks = await NetworkService.StartAsync(new NetworkOptions { BridgeName = "berth0", HostNamespace = _host, ReadySandboxes = 0 }, _database, CancellationToken.None);
        _control = new PortControl(_networks, _registry, new ContainerTransitions(_database, _events), _events, throughHost: false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ContainerActor actor in _registry.All)
        {
            actor.Monitor?.Dispose();
        }

        _sandboxes.ForEach(s => s.Dispose());
        await _networks.DisposeAsync();
        _database.Dispose();
        _monitor.Dispose();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("lan", "lan (macvlan)")]
    [InlineData("inside", "inside (internal)")]
    [InlineData("lan inside", "lan (macvlan), inside (internal)")]
    [InlineData("lan front", null)]
    [InlineData("lan ?", null)] // made later perhaps
    [InlineData("", null)]
    public void PortsThatNoNetworkPublishesAreNamed(string networks, string? where)
    {
        Network.Network?[] on =
        [
            .. networks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => n == "?" ? null : new Network.Network
            {
                Id = n, Name = n, Driver = n == "lan" ? NetworkDrivers.Macvlan : NetworkDrivers.Bridge, Internal = n == "inside", Created = default,
            }),
        ];
        var port = new PortRequest(System.Net.Sockets.ProtocolType.Tcp, 80, null, 8080, 8080);
        string? said = PortControl.Unpublished([port], on);
        Assert.Equal(where is not null, said?.Contains($"{where}, so 80/tcp of", StringComparison.Ordinal) ?? false);
        Assert.Null(PortControl.Unpublished([], on));
    }

    [Fact]
    public async Task ANewPortIsTakenToldAndKept()
    {
        ContainerActor web = await RunningAsync("web", WebId);
        await using IAsyncEnumerator<EventMessage> events = _events.SubscribeAsync(null, null, Filters.None, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        Task<List<(MonitorPorts Call, int Descriptors)>> calls = _monitor.ServeAsync(1, Done);
        await UpdateAsync("web", new ContainerUpdateRequest { PortBindingsAdd = Bindings("80/tcp", "8080") });
        (MonitorPorts call, int descriptors) = Assert.Single(await calls);
        Assert.Equal([("0.0.0.0", 8080), ("::", 8080)], call.Add.Select(a => (a.HostAddress, (int)a.HostPort)));
        Assert.Equal((2, 0), (descriptors, call.Remove.Count));
        Assert.Equal([8080, 8080], Published(web));
        Assert.Equal(["8080"], Written(web, "80/tcp"));
        Assert.Equal(["8080"], Written(_database.Read(ContainerRows.All).Single(), "80/tcp"));
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("update", events.Current.Action);
    }

    [Fact]
    public async Task ATakenPortChangesNothing()
    {
        ContainerActor web = await RunningAsync("web", WebId, "80/tcp", "8080"), other = await RunningAsync("other", OtherId);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() =>
            UpdateAsync("other", new ContainerUpdateRequest { PortBindingsAdd = Bindings("80/tcp", "8090", "8080") }));
        Assert.Equal(EngineErrorKind.Conflict, refused.Kind);
        Assert.Contains("8080", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Published(other));
        Assert.Null(other.Record.Document.HostConfig.PortBindings);
        Assert.Equal([8080, 8080], Published(web));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AMonitorThatIsGoneGivesThePortsBack(bool linked)
    {
        ContainerActor web = await RunningAsync("web", WebId);
        _monitor.End();
        if (!linked)
        {
            web.Monitor!.Dispose();
            web.Monitor = null;
        }

        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => UpdateAsync("web", new ContainerUpdateRequest { PortBindingsAdd = Bindings("80/tcp", "8080") }));
        Assert.Equal(EngineErrorKind.Conflict, refused.Kind);
        Assert.Empty(Published(web));
        Assert.Null(web.Record.Document.HostConfig.PortBindings);
        await RunningAsync("other", OtherId, "80/tcp", "8080"); // it can be had
    }

    [Fact]
    public async Task APortOfARangeGoesWithTheRange()
    {
        ContainerActor web = await RunningAsync("web", WebId, "80/tcp", "8000-8010");
        Assert.Equal([8000, 8000], Published(web));
        Task<List<(MonitorPorts Call, int Descriptors)>> calls = _monitor.ServeAsync(1, Done);
        await UpdateAsync("web", new ContainerUpdateRequest { PortBindingsRemove = Bindings("80/tcp", "8000") });
        (MonitorPorts call, int descriptors) = Assert.Single(await calls);
        Assert.Equal([("0.0.0.0", 8000), ("::", 8000)], call.Remove.Select(r => (r.HostAddress, (int)r.HostPort)));
        Assert.Equal((0, 0), (descriptors, call.Add.Count));
        Assert.Empty(Published(web));
        Assert.Empty(web.Record.Document.HostConfig.PortBindings!);
    }

    [Fact]
    public async Task AWholeNewListKeepsWhatIsInBoth()
    {
        ContainerActor web = await RunningAsync("web", WebId, "80/tcp", "8080", "8081");
        Task<List<(MonitorPorts Call, int Descriptors)>> calls = _monitor.ServeAsync(2, Done);
        await UpdateAsync("web", new ContainerUpdateRequest { PortBindings = Bindings("80/tcp", "8081", "8082") });
        List<(MonitorPorts Call, int Descriptors)> told = await calls;
        Assert.Equal([8082, 8082], told[0].Call.Add.Select(a => (int)a.HostPort)); // the new ones first: where one is taken nothing has happened
        Assert.Equal([8080, 8080], told[1].Call.Remove.Select(r => (int)r.HostPort));
        Assert.Equal([8081, 8081, 8082, 8082], Published(web).Order());
        Assert.Equal(["8081", "8082"], Written(web, "80/tcp"));
    }

    [Fact]
    public async Task OfAContainerThatDoesNotRunOnlyTheRecordChanges()
    {
        ContainerActor web = await AddAsync("web", WebId, Phase.Exited, new HostConfig());
        await UpdateAsync("web", new ContainerUpdateRequest { PortBindingsAdd = Bindings("80/tcp", "8080-8089") });
        Assert.Equal(["8080-8089"], Written(web, "80/tcp"));
        Assert.Empty(Published(web));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("none")]
    [InlineData("container:other")]
    public async Task WithoutANetworkOfItsOwnThereAreNone(string mode)
    {
        await AddAsync("web", WebId, Phase.Exited, new HostConfig { NetworkMode = mode });
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => UpdateAsync("web", new ContainerUpdateRequest { PortBindingsAdd = Bindings("80/tcp", "8080") }));
        Assert.Equal(EngineErrorKind.Conflict, refused.Kind);
        Assert.Contains(mode, refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<EngineException>(() => UpdateAsync("web", new ContainerUpdateRequest { PortBindingsRemove = Bindings("80/tcp", "8080") }));
        Assert.Contains("it publishes none", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>How it was made does not matter, but where it is: what it asked for then is published now, and more can be.</summary>
    [Fact]
    public async Task WhoWasMadeWithoutANetworkHasPortsOnceItIsOnOne()
    {
        ContainerActor web = await RunningOnAsync("web", WebId, "none", Bindings("80/tcp", "8080"));
        Assert.Empty(Published(web));
        await PlaceAsync(web, "bridge");
        await _networks.Endpoints.ConnectAsync(WebId, _sandboxes[0].Namespace, new EndpointRequest { Network = "bridge" }, null);
        Task<List<(MonitorPorts Call, int Descriptors)>> calls = _monitor.ServeAsync(2, Done);
        await web.RunAsync(() => _control.SettleAsync(web, null));
        await UpdateAsync("web", new ContainerUpdateRequest { PortBindingsAdd = Bindings("81/tcp", "8081") });
        Assert.Equal([8080, 8080, 8081, 8081], (await calls).SelectMany(c => c.Call.Add).Select(a => (int)a.HostPort));
        Assert.Equal([8080, 8080, 8081, 8081], Published(web).Order());
        Assert.Equal(["8081"], Written(web, "81/tcp"));

        // Off it again, and also when it is on none for good.
        foreach (string[] places in (string[][])[[], ["none"]])
        {
            await PlaceAsync(web, places);
            EngineException refused = await Assert.ThrowsAsync<EngineException>(() => UpdateAsync("web", new ContainerUpdateRequest { PortBindingsAdd = Bindings("82/tcp", "8082") }));
            Assert.Equal(EngineErrorKind.Conflict, refused.Kind);
            Assert.Contains("none", refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>On an internal network nothing is published; on the first that leads out, all that was wanted is.</summary>
    [Fact]
    public async Task PortsComeWithAWayOutAndGoWithTheLastOne()
    {
        await _networks.CreateAsync(new NetworkDefinition { Name = "inside", Internal = true }, static (_, _) => { }, CancellationToken.None);
        ContainerActor web = await RunningOnAsync("web", WebId, "inside", Bindings("80/tcp", "8080"));
        Assert.Empty(Published(web));

        FileDescriptor space = _sandboxes[0].Namespace;
        Task<List<(MonitorPorts Call, int Descriptors)>> added = _monitor.ServeAsync(1, Done);
        Endpoint place = await _networks.Endpoints.ConnectAsync(WebId, space, new EndpointRequest { Network = "bridge" }, null);
        await web.RunAsync(() => _control.SettleAsync(web, null));
        Assert.Equal(place.Address!.ToString(), Assert.Single(await added).Call.Add[0].TargetAddress);
        Assert.Equal([8080, 8080], Published(web));

        Task<List<(MonitorPorts Call, int Descriptors)>> removed = _monitor.ServeAsync(1, Done);
        Endpoint? left = await _networks.Endpoints.DisconnectAsync(WebId, space, place.NetworkId);
        await web.RunAsync(() => _control.SettleAsync(web, left));
        Assert.Equal([8080, 8080], Assert.Single(await removed).Call.Remove.Select(r => (int)r.HostPort));
        Assert.Empty(Published(web));
    }

    [Fact]
    public async Task APortThatTheHostsFirewallDeniesIsWarnedOf()
    {
        Nft("add table ip f { chain in { type filter hook input priority 0; policy drop; tcp dport 8081 accept; }; }");
        var host = new HostConfig { PortBindings = Bindings("80/tcp", "8080", "8081") };
        Assert.Contains("8080", Assert.Single(await _control.WarningsAsync(host, new ContainerConfig(), [])), StringComparison.Ordinal);
        Assert.Empty(await _control.WarningsAsync(host, new ContainerConfig { Labels = new Dictionary<string, string> { [PortBindings.PolicyLabel] = "host" } }, []));
        Assert.Empty(await _control.WarningsAsync(host with { NetworkMode = "host" }, new ContainerConfig(), []));
        Assert.Empty(await _control.WarningsAsync(host with { PortBindings = Bindings("80/tcp", "") }, new ContainerConfig(), [])); // any port: which, nobody knows yet
    }

    private static Dictionary<string, IReadOnlyList<PortBinding>?> Bindings(string port, params string[] host) => new() { [port] = [.. host.Select(h => new PortBinding { HostPort = h })] };

    private static string?[] Written(ContainerActor actor, string port) => Written(actor.Record, port);

    private static string?[] Written(ContainerRecord record, string port) => [.. record.Document.HostConfig.PortBindings![port]!.Select(b => b.HostPort)];

    private int[] Published(ContainerActor actor) => [.. _networks.Ports.Of(actor.Record.Id).Select(p => (int)p.HostPort)];

    private Task<ContainerUpdateResponse> UpdateAsync(string container, ContainerUpdateRequest request) => _control.UpdateAsync(container, request, CancellationToken.None);

    private Task<ContainerActor> RunningAsync(string name, string id) => RunningOnAsync(name, id, "bridge", null);

    private Task<ContainerActor> RunningAsync(string name, string id, string port, params string[] host) => RunningOnAsync(name, id, "bridge", Bindings(port, host));

    private async Task<ContainerActor> RunningOnAsync(string name, string id, string network, Dictionary<string, IReadOnlyList<PortBinding>?>? bindings)
    {
        ContainerActor actor = await AddAsync(name, id, Phase.Running, new HostConfig { NetworkMode = network, PortBindings = bindings });
        var request = new SandboxRequest { Endpoints = [new EndpointRequest { Network = network }], Ports = PortControl.Wanted(actor.Record) };
        Sandbox sandbox = await _networks.Endpoints.TakeAsync(id, request, CancellationToken.None);
        _sandboxes.Add(sandbox);
        await sandbox.Recorded;
        actor.Monitor = _monitor.Link(id);
        return actor;
    }

    // In its record, as connecting and disconnecting do.
    private Task PlaceAsync(ContainerActor actor, params string[] networks) => actor.RunAsync(() => new ContainerTransitions(_database, _events).NoteAsync(
        actor, r => r with { Status = r.Status with { Networks = networks.ToDictionary(n => n, _ => new EndpointSettings()) } }));

    private async Task<ContainerActor> AddAsync(string name, string id, Phase phase, HostConfig host)
    {
        ContainerRecord sample = Samples.Record(phase, host), record = sample with { Name = name, Document = sample.Document with { Id = id } };
        Assert.True(await _database.WriteAsync(t => ContainerRows.TryInsert(t, record), CancellationToken.None));
        var actor = new ContainerActor(record);
        _registry.Add(actor);
        return actor;
    }

    private void Nft(string rules)
    {
        using Process process = Process.Start("nsenter", [$"--net=/proc/{Environment.ProcessId}/fd/{_host.Number}", "nft", rules]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
