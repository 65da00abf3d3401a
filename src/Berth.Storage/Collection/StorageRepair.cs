using Berth.Storage.Database;

namespace Berth.Storage.Collection;

/// <summary>The sweep at the daemon's start, before anything else uses the data root: leases of a dead daemon, half-made files, files that no row names.</summary>
public sealed class StorageRepair(DataRoot root, BerthDatabase database)
{
    /// <summary>Run once, after the containers' rows were reconciled and before the first request.</summary>
    public Task RunAsync(CancellationToken cancel) => throw new InvalidOperationException($"{root}{database}{cancel}");
}
