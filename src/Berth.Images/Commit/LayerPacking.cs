using System.IO.Pipelines;

using Berth.Linux;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;
using Berth.Storage.Tar;

namespace Berth.Images.Commit;

/// <summary>Reads a container's changes once, on a thread of its own; another unpacks the archive that comes of it.</summary>
internal sealed class LayerPacking(IContentIngester content, LayerStore layers, LayerArchiver archiver, Lease lease)
{
    private const int Ahead = 8 << 20;

    /// <summary>Ends when all is read; the layer's last files may still be being written.</summary>
    /// <param name="snapshot">The container's.</param>
    /// <param name="layersBelow">So many of the image's uppermost layers are packed with it.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">Invalid: a file that no layer can hold. Conflict: the container was removed meanwhile.</exception>
    public async Task<PackedLayer> PackAsync(SnapshotKey snapshot, int layersBelow, CancellationToken cancel)
    {
        IngestWriter archive = content.Begin(lease);
        archive.SyncsEarly = true;
        try
        {
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Ahead, resumeWriterThreshold: Ahead / 2, minimumSegmentSize: 1 << 18, useSynchronizationContext: false));
            Task<UnpackedLayer> unpacking = UnpackAsync(pipe.Reader, cancel);
            Exception? failure = await WriteAsync(snapshot, layersBelow, new ArchiveTee(archive, pipe.Writer), cancel);
            if (failure is null)
            {
                return new PackedLayer(archive, FilesAsync(unpacking, failure), layers, lease);
            }

            UnpackedLayer files = await FilesAsync(unpacking, failure);

            await layers.DropAsync(files);
            throw Translate(failure);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    // What failed is told to the unpacker, which then fails with the same; another failure is its own, and the cause of the writer's.
    private static async Task<UnpackedLayer> FilesAsync(Task<UnpackedLayer> unpacking, Exception? failure)
    {
        try
        {
            return await unpacking;
        }
        catch (Exception e)
        {
            throw Translate(ReferenceEquals(e, failure) ? failure : e);
        }
    }

    private static Exception Translate(Exception e) => e switch
    {
        TarException tar => EngineException.Invalid($"cannot commit: {tar.Message}", tar),
        LinuxException linux => EngineException.Internal($"cannot commit: {linux.Message}", linux),
        _ => e,
    };

    private async Task<Exception?> WriteAsync(SnapshotKey snapshot, int layersBelow, ArchiveTee tee, CancellationToken cancel)
    {
        Exception? failure = null;
        try
        {
            await Task.Factory.StartNew(
                () => archiver.WriteChanges(snapshot, layersBelow, tee, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            archiver.Check(snapshot);
        }
        catch (Exception e)
        {
            failure = e;
        }

        await tee.CompleteAsync(failure);
        return failure;
    }

    private async Task<UnpackedLayer> UnpackAsync(PipeReader reader, CancellationToken cancel)
    {
        // Disposing completes the reader, so the writer never waits for one that has failed.
        await using Stream stream = reader.AsStream();
        return await layers.UnpackAsync(stream, lease, cancel);
    }
}
