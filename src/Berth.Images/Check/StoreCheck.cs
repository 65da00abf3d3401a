using Berth.Oci.Digests;
using Berth.Storage.Check;
using Berth.Storage.Collection;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Leases;

namespace Berth.Images.Check;

/// <summary>
/// Verifies every row, blob, layer and image, and on request repairs what it can: unpacks damaged layers again, removes what nothing can mend.
/// Runs beside everything else: it reads, and writes single rows; nothing waits for it.
/// </summary>
/// <param name="database">The rows.</param>
/// <param name="content">The blobs.</param>
/// <param name="layers">The layers.</param>
/// <param name="storage">What is checked without images.</param>
/// <param name="collector">Takes what removed images leave.</param>
/// <param name="changed">Told of images that are removed.</param>
public sealed class StoreCheck(BerthDatabase database, ContentStore content, LayerStore layers, StorageCheck storage, Collector collector, ImageChange? changed = null)
{
    /// <summary>Runs one check.</summary>
    /// <param name="repair">Also repair.</param>
    /// <param name="found">Told of each finding, in order.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public async Task<CheckSummary> RunAsync(bool repair, Action<CheckFinding> found, CancellationToken cancel)
    {
        (int all, int repaired) = (0, 0);
        await using Lease lease = await Lease.CreateAsync(database, "check", cancel);
        await storage.RowsAsync(repair, Tell, cancel);
        (IReadOnlyDictionary<Digest, string> damaged, int blobs, long bytes) = await storage.BlobsAsync(cancel);
        var layerCheck = new LayerCheck(layers, content, damaged, lease, repair, Tell);
        await layerCheck.RunAsync(cancel);
        var imageCheck = new ImageCheck(database, content, layers, changed, damaged);
        await imageCheck.RunAsync(repair, Tell, cancel);
        await lease.DisposeAsync();
        if (repair)
        {
            await ForgetAsync(damaged.Keys);
        }

        if (layerCheck.Mended > 0)
        {
            layers.SyncBehind();
        }

        // Also what was removed while the check's lease kept it.
        await collector.CollectAsync(CancellationToken.None);

        foreach ((Digest blob, string problem) in damaged)
        {
            bool isGone = content.Find(blob) is null;
            Tell(new CheckFinding(CheckedKind.Blob, blob.ToString(), problem, isGone ? "removed" : repair ? "still used: see its image" : "--repair removes it", isGone));
        }

        await storage.LeftoversAsync(repair, Tell, cancel);
        return new CheckSummary(blobs, bytes, layerCheck.Count, imageCheck.Count, all, repaired);

        void Tell(CheckFinding finding)
        {
            all++;
            repaired += finding.IsRepaired ? 1 : 0;
            found(finding);
        }
    }

    // What an interrupted pull left is not to be gone on with where it is damaged, and what a push compressed can be made again.
    private Task ForgetAsync(IEnumerable<Digest> blobs) => database.WriteAsync(
        t =>
        {
            foreach (Digest blob in blobs)
            {
                t.Execute(
                    "DELETE FROM lease_refs WHERE kind = 'Blob' AND name = @blob AND lease IN (SELECT id FROM leases WHERE expires IS NOT NULL)", ("@blob", blob.ToString()));
                t.Execute("DELETE FROM packed_layers WHERE blob = @blob", ("@blob", blob.ToString()));
            }
        },
        CancellationToken.None);
}
