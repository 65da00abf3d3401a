using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>
/// A daemon whose host has a wire to another machine, for IPv4 and IPv6, and two addresses on it. Only masqueraded or published traffic gets through: the
/// machine has no route to containers but the one over the host, which a test may use.
/// </summary>
public sealed class WiredDaemon : IAsyncLifetime
{
    public const string HostAddress = "198.51.100.1", SecondAddress = "198.51.100.11", HostAddress6 = "2001:db8:9::1";
    public const string OutsideAddress = "198.51.100.2", OutsideSecond = "198.51.100.3", OutsideAddress6 = "2001:db8:9::2";

    private int _last;
    private NetworkNamespace? _outside;

    public TestDaemon Daemon { get; private set; } = null!;

    internal Place Host { get; private set; } = null!;

    internal Place Outside { get; private set; } = null!;

    public NetworkNamespace OutsideNamespace => _outside!;

    public async ValueTask InitializeAsync()
    {
        Daemon = await TestDaemon.StartAsync();
        string host = Daemon.Host.Name, outside = host + "-wire";
        _outside = await NetworkNamespace.MakeAsync(outside);
        foreach (string command in new[]
        {
            $"-n {host} link add wire0 type veth peer name eth0 netns {outside}",
            $"-n {host} addr add {HostAddress}/24 dev wire0", $"-n {host} addr add {SecondAddress}/24 dev wire0",
            $"-n {host} addr add {HostAddress6}/64 dev wire0 nodad", $"-n {host} link set wire0 up",
            $"-n {outside} addr add {OutsideAddress}/24 dev eth0", $"-n {outside} addr add {OutsideSecond}/24 dev eth0",
            $"-n {outside} addr add {OutsideAddress6}/64 dev eth0 nodad", $"-n {outside} link set eth0 up",
            $"-n {outside} route add default via {HostAddress}", $"-n {host} route add default via {OutsideAddress}",
        })
        {
            _ = (await Run.Async("ip", command.Split(' '))).Text;
        }

        (Host, Outside) = (Place.Of(Daemon.Host), Place.Of(_outside));
    }

    /// <summary>A name that no other test of the class uses.</summary>
    public string NewName(string prefix = "c") => $"{prefix}{Interlocked.Increment(ref _last)}";

    /// <summary>A container that sleeps; its name.</summary>
    public async Task<string> SleeperAsync(params string[] options)
    {
        string name = NewName();
        await Daemon.TextAsync(["run", "-d", "--name", name, .. options, "busybox", "sleep", "1000"]);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        Host?.Dispose();
        Outside?.Dispose();
        await Daemon.DisposeAsync();
        if (_outside is not null)
        {
            await _outside.DisposeAsync();
        }
    }

    /// <summary>Something that inspect shows of a container.</summary>
    public Task<string> ShownAsync(string container, string format) => Daemon.TextAsync("inspect", "-f", format, container);

    public Task<string> AddressAsync(string container, string network = "bridge") =>
        ShownAsync(container, $"{{{{(index .NetworkSettings.Networks \"{network}\").IPAddress}}}}");

    /// <summary>What --add-host NAME:host-gateway stands for: the default bridge's address.</summary>
    public Task<string> ShownHostGatewayAsync() => Daemon.TextAsync("network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", "bridge");

    public Task<string> GatewayAsync(string container, string network = "bridge") =>
        ShownAsync(container, $"{{{{(index .NetworkSettings.Networks \"{network}\").Gateway}}}}");
}
