using Berth.Oci.Digests;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Snapshots;

namespace Berth.Storage.Check;

/// <summary>What can be checked without knowing what images are. Runs beside everything else and holds nobody up.</summary>
public sealed class StorageCheck(DataRoot root, BerthDatabase database, ContentStore content, Trash trash)
{
    /// <summary>The database by itself.</summary>
    public Task RowsAsync(bool repair, Action<CheckFinding> found, CancellationToken cancel) => RowCheck.RunAsync(database, repair, found, cancel);

    /// <summary>Reads every blob.</summary>
    /// <returns>The damaged ones with what is wrong, and how much was read.</returns>
    public async Task<(IReadOnlyDictionary<Digest, string> Damaged, int Count, long Bytes)> BlobsAsync(CancellationToken cancel)
    {
        var check = new BlobCheck(root, content);
        Dictionary<Digest, string> damaged = await Task.Factory.StartNew(() => check.Run(cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return (damaged, check.Checked.Count, check.Checked.Bytes);
    }

    /// <summary>Files without a row, and containers without their folder.</summary>
    public Task LeftoversAsync(bool repair, Action<CheckFinding> found, CancellationToken cancel) =>
        new LeftoverCheck(root, database, content, trash).RunAsync(repair, found, cancel);
}
