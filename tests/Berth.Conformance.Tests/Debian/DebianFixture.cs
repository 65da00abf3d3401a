using Berth.Testing.Archives;
using Berth.Testing.Daemons;

namespace Berth.Conformance.Tests.Debian;

/// <summary>A daemon with Debian's minimal system imported as debian:latest, for the tests of all classes of the collection.</summary>
public sealed class DebianFixture : IAsyncLifetime
{
    public const string Collection = "Debian";

    public TestDaemon Daemon { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Daemon = await TestDaemon.StartAsync();
        try
        {
            await Daemon.TextAsync("import", await DebianArchive.PathAsync(), "debian:latest");
        }
        catch
        {
            await Daemon.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Daemon.DisposeAsync();

    /// <summary>What bash printed in a Debian container that is removed afterwards; it must succeed.</summary>
    public Task<string> BashAsync(string script, params string[] options) => Daemon.TextAsync(["run", "--rm", .. options, "debian", "bash", "-ec", script]);
}
