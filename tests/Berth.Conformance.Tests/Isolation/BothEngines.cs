using Berth.Testing;
using Berth.Testing.Daemons;

namespace Berth.Conformance.Tests.Isolation;

/// <summary>Our daemon and Debian's dockerd 20.10 side by side, with the same busybox.</summary>
public sealed class BothEngines : IAsyncLifetime
{
    public const string Collection = "Both engines";

    private TestDaemon? _ours;
    private DockerDaemon? _theirs;

    public TestDaemon Ours => _ours!;

    /// <summary>The test is skipped, by name, where the machine has none.</summary>
    public DockerDaemon Theirs
    {
        get
        {
            Assert.SkipWhen(_theirs is null, "Debian's dockerd (docker.io) is not installed");
            return _theirs!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        try
        {
            _ours = await TestDaemon.StartAsync(withImage: false);
            await _ours.TextAsync("load", "-i", Image);
            if (DockerDaemon.IsInstalled)
            {
                _theirs = await DockerDaemon.StartAsync();
                await _theirs.TextAsync("load", "-i", Image);
            }
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_theirs is not null)
        {
            await _theirs.DisposeAsync();
        }

        if (_ours is not null)
        {
            await _ours.DisposeAsync();
        }
    }

    private static string Image => Environment.GetEnvironmentVariable("BERTH_BUSYBOX") ?? Path.Join(Programs.Checkout, "artifacts", "busybox.tar");
}
