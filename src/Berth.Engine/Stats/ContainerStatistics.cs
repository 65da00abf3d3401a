using System.Runtime.CompilerServices;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Netlink;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Stats;

/// <summary>What containers use. Each caller has samples of its own, one a second; while nobody asks, nothing is read.</summary>
public sealed class ContainerStatistics
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ContainerRegistry _registry;
    private readonly ContainerBundle _bundle;
    private readonly ICgroupDriver _cgroups;
    private readonly NetworkService _networks;
    private readonly StatsShapes _shapes;

    internal ContainerStatistics(ContainerRegistry registry, ContainerBundle bundle, ICgroupDriver cgroups, NetworkService networks)
    {
        (_registry, _bundle, _cgroups, _networks) = (registry, bundle, cgroups, networks);
        _shapes = new StatsShapes(cgroups.Version, (ulong)Processes.ProcessHost.Read().MemoryKib * 1024);
    }

    /// <summary>One sample: of a container that does not run, zeroes.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="atOnce">Without the processor's figures of a second before, and so without waiting for them.</param>
    /// <param name="cancel">The caller no longer wants the answer.</param>
    /// <exception cref="EngineException">NotFound.</exception>
    public async Task<ContainerStatsResponse> OneAsync(string container, bool atOnce, CancellationToken cancel)
    {
        ContainerActor actor = _registry.Find(container);
        ContainerStatsResponse first = await NextAsync(actor, null);
        if (atOnce || !actor.Record.IsRunning)
        {
            return first;
        }

        await Task.Delay(Interval, cancel);
        return await NextAsync(actor, first);
    }

    /// <summary>A sample a second until the container is removed; while it does not run, zeroes.</summary>
    /// <exception cref="EngineException">NotFound, at once.</exception>
    public IAsyncEnumerable<ContainerStatsResponse> Stream(string container, CancellationToken cancel) => StreamAsync(_registry.Find(container), cancel);

    private async IAsyncEnumerable<ContainerStatsResponse> StreamAsync(ContainerActor actor, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Interval);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            Task<ContainerRecord> removed = actor.WhenAsync(static r => r.Phase == Phase.Removed, ended.Token);
            ContainerStatsResponse? last = null;
            do
            {
                yield return last = await NextAsync(actor, last);
            }
            while (await Task.WhenAny(timer.WaitForNextTickAsync(ended.Token).AsTask(), removed) != removed);
        }
        finally
        {
            await ended.CancelAsync(); // however it ends, nobody waits for the removal any more
        }
    }

    private async Task<ContainerStatsResponse> NextAsync(ContainerActor actor, ContainerStatsResponse? before)
    {
        ContainerRecord record = actor.Record;
        return _shapes.Of(record, record.IsRunning ? await SampleAsync(record) : null, before);
    }

    private async Task<StatsSample> SampleAsync(ContainerRecord record)
    {
        CgroupStatistics used = _cgroups.Open(_bundle.CgroupPath(record)).Statistics();
        HostCpu host = HostCpu.Read();
        return new StatsSample(DateTimeOffset.UtcNow, used, host, await InterfacesAsync(record));
    }

    // A container in another's network shows that one's interfaces, one in the host's none, as with Docker.
    private async Task<IReadOnlyList<LinkStatistics>> InterfacesAsync(ContainerRecord record)
    {
        HashSet<string> own = [.. _networks.Endpoints.Of(JoinedNamespaces.NetworkOwner(record, _registry).Id).Select(e => e.Interface)];
        if (own.Count == 0 || !ProcessIdentity.IsAlive(record.Pid, record.PidStartTime))
        {
            return [];
        }

        try
        {
            using FileDescriptor space = FileDescriptor.Open($"/proc/{record.Pid}/ns/net", Libc.O_RDONLY);
            return [.. (await _networks.Observer.TrafficAsync(space)).Where(l => own.Contains(l.Name))];
        }
        catch (LinuxException)
        {
            return []; // it has just ended
        }
    }
}
