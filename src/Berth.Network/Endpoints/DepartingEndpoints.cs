using Berth.Linux;
using Berth.Network.Networks;
using Berth.Network.Sandboxes;
using Berth.Storage;

namespace Berth.Network.Endpoints;

/// <summary>
/// Endpoints on user-defined networks whose containers have ended: their links go beside what else is done, and their addresses are free then.
/// Who finds an address or a bridge's port taken waits for those that are leaving and looks again. Safe for concurrent use.
/// </summary>
internal sealed class DepartingEndpoints(NetworkTable table, LinkRemover remover, Action<string> log)
{
    private readonly Lock _gate = new();
    private readonly List<(string NetworkId, Task Gone)> _leaving = [];

    public void Add(Endpoint endpoint)
    {
        if (endpoint.HostInterface is not { } link)
        {
            table.Free(endpoint); // no pair: it was made inside, and went with the namespace
            return;
        }

        lock (_gate)
        {
            _leaving.RemoveAll(l => l.Gone.IsCompleted);
            _leaving.Add((endpoint.NetworkId, FreeAsync(endpoint, link)));
        }
    }

    /// <summary>Done when those that are leaving a network now are gone, never failed; null: nobody is.</summary>
    public Task? Of(string networkId)
    {
        lock (_gate)
        {
            Task[] some = [.. _leaving.Where(l => l.NetworkId == networkId && !l.Gone.IsCompleted).Select(l => l.Gone)];
            return some.Length == 0 ? null : Task.WhenAll(some);
        }
    }

    private async Task FreeAsync(Endpoint endpoint, string link)
    {
        try
        {
            await remover.RemoveAsync(link);
            table.Free(endpoint);
        }
        catch (Exception e) when (e is LinuxException or EngineException)
        {
            log($"the address {endpoint.Address ?? endpoint.Ipv6Address} stays taken until the next start: the interface {link} could not be removed: {e.Message}");
        }
    }
}
