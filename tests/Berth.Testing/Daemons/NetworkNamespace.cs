using Berth.Testing.Processes;

namespace Berth.Testing.Daemons;

/// <summary>A network namespace that is the "host" of one daemon: its bridge, links and rules meet nobody else's.</summary>
public sealed class NetworkNamespace : IAsyncDisposable
{
    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    /// <summary>Where it is bound.</summary>
    public string Path => $"/run/netns/{Name}";

    public static async Task<NetworkNamespace> MakeAsync(string name)
    {
        _ = (await Run.Async("ip", "netns", "add", name).ConfigureAwait(false)).Text;
        _ = (await Run.Async("ip", "-n", name, "link", "set", "lo", "up").ConfigureAwait(false)).Text;
        return new NetworkNamespace(name);
    }

    /// <summary>Runs a program inside. Not by "ip netns exec": that would mount a new /sys, without cgroups.</summary>
    public Task<ProcessResult> RunAsync(params string[] command) => Run.Async("nsenter", [$"--net={Path}", .. command]);

    public async ValueTask DisposeAsync() => await Run.Async("ip", "netns", "delete", Name).ConfigureAwait(false);
}
