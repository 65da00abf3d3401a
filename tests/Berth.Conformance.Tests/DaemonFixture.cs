using Berth.Testing.Clients;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests;

/// <summary>One daemon for the tests of a class.</summary>
public sealed class DaemonFixture : IAsyncLifetime
{
    private int _last;

    public TestDaemon Daemon { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Daemon = await TestDaemon.StartAsync();

    public ValueTask DisposeAsync() => Daemon.DisposeAsync();

    /// <summary>A name that no other test of the class uses.</summary>
    public string NewName(string prefix = "c") => $"{prefix}{Interlocked.Increment(ref _last)}";

    public Task<ProcessResult> RunAsync(string client, params string[] arguments) => Clients.Of(client).RunAsync(Daemon, arguments);

    /// <summary>The output of a command that must succeed.</summary>
    public async Task<string> TextAsync(string client, params string[] arguments) => (await RunAsync(client, arguments)).Text;

    /// <summary>A container that sleeps.</summary>
    public async Task<string> SleeperAsync(string client, params string[] options)
    {
        string name = NewName();
        await TextAsync(client, ["run", "-d", "--name", name, .. options, "busybox", "sleep", "1000"]);
        return name;
    }

    public DockerClient Client(string version) => Clients.Of(version);
}
