using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;
using Berth.Oci.Digests;
using Berth.Storage;
using Berth.Storage.Check;
using Berth.Storage.Content;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Tar;

namespace Berth.Images.Check;

/// <summary>
/// Compares every layer's folder with what its archive unpacks to, in every attribute and byte. What differs is exchanged for the fresh one,
/// unless a container runs on it: that one's files would change under it.
/// </summary>
internal sealed class LayerCheck(LayerStore layers, IContentProvider content, IReadOnlyDictionary<Digest, string> damagedBlobs, Lease lease, bool repair, Action<CheckFinding> found)
{
    /// <summary>Those that were looked at.</summary>
    public int Count { get; private set; }

    /// <summary>Those that were unpacked again.</summary>
    public int Mended { get; private set; }

    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (LayerInfo layer in layers.List())
        {
            if (!await layers.KeepAsync(layer.Chain, lease, cancel))
            {
                continue; // collected meanwhile
            }

            Count++;
            try
            {
                await (damagedBlobs.ContainsKey(layer.Blob.Digest) || content.Find(layer.Blob.Digest) is null ? MeasureAsync(layer, cancel) : CompareAsync(layer, cancel));
            }
            catch (Exception e) when (e is EngineException or LinuxException or IOException or InvalidDataException or TarException)
            {
                Report(layer, $"could not be compared with its archive: {e.Message}", "see what is wrong there, and check again", isRepaired: false);
            }
        }
    }

    private async Task CompareAsync(LayerInfo layer, CancellationToken cancel)
    {
        UnpackedLayer fresh = await LayerRecovery.UnpackAgainAsync(layer.Chain, layers, content, lease, cancel);
        bool isUsed = false;
        try
        {
            string? folder = FolderOf(layer);
            if (folder is null || !Directory.Exists(folder))
            {
                isUsed = await MendAsync(layer, fresh, "its folder is missing", folder is null, cancel);
            }
            else if (await Task.Factory.StartNew(() => Difference(folder, layers.FilesOf(fresh), cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default) is { } difference)
            {
                isUsed = await MendAsync(layer, fresh, $"differs from its archive: {difference}", isNew: false, cancel);
            }

            if (layer.Size != fresh.Size)
            {
                await CorrectSizeAsync(layer, fresh.Size, cancel);
            }
        }
        finally
        {
            if (!isUsed)
            {
                await layers.DropAsync(fresh);
            }
        }
    }

    // Without an archive to compare with, a size is all that is known.
    private async Task MeasureAsync(LayerInfo layer, CancellationToken cancel)
    {
        const string Advice = "cannot be repaired, as its archive is damaged or missing: remove its images, and pull or load them again";
        string? folder = FolderOf(layer);
        if (folder is null || !Directory.Exists(folder))
        {
            Report(layer, "its folder is missing", Advice, isRepaired: false);
            return;
        }

        long size = await Task.Factory.StartNew(() => Measure(folder, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (size != layer.Size)
        {
            Report(layer, $"its files have {size} bytes, not {layer.Size}", Advice, isRepaired: false);
        }
    }

    // True: the fresh files are in their place.
    private async Task<bool> MendAsync(LayerInfo layer, UnpackedLayer fresh, string problem, bool isNew, CancellationToken cancel)
    {
        if (!repair)
        {
            Report(layer, problem, "--repair unpacks it again", isRepaired: false);
            return false;
        }

        if (layers.RunningOn(layer.Chain) is [string container, ..])
        {
            Report(layer, problem, $"the container {container[..Math.Min(12, container.Length)]} runs on it: stop it, and check again", isRepaired: false);
            return false;
        }

        if (isNew)
        {
            await layers.CommitAsync(fresh, layer.Parent, layer.DiffId, layer.Blob, lease, cancel);
        }
        else
        {
            await layers.ReplaceAsync(layer.Chain, fresh, cancel);
        }

        Mended++;
        Report(layer, problem, "unpacked again", isRepaired: true);
        return true;
    }

    private async Task CorrectSizeAsync(LayerInfo layer, long size, CancellationToken cancel)
    {
        if (repair)
        {
            await layers.SetSizeAsync(layer.Chain, size, cancel);
        }

        found(new CheckFinding(
            CheckedKind.Row, layer.Chain.ToString(), $"the layer's recorded size is {layer.Size} bytes, not {size}", repair ? "corrected" : "--repair corrects it", repair));
    }

    private void Report(LayerInfo layer, string problem, string outcome, bool isRepaired) =>
        found(new CheckFinding(CheckedKind.Layer, layer.Chain.ToString(), problem, outcome, isRepaired));

    private string? FolderOf(LayerInfo layer)
    {
        try
        {
            return layers.FilesOf(layer.Chain);
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.NotFound)
        {
            return null;
        }
    }

    private static string? Difference(string folder, string fresh, CancellationToken cancel)
    {
        using FileDescriptor left = FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY);
        using FileDescriptor right = FileDescriptor.Open(fresh, Libc.O_RDONLY | Libc.O_DIRECTORY);
        return TreeComparison.FirstDifference(left, right, cancel);
    }

    // As the unpacker counts: a file of several names once.
    private static long Measure(string folder, CancellationToken cancel)
    {
        using FileDescriptor root = FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY);
        var linked = new HashSet<ulong>();
        long size = 0;
        TreeWalk.Run(
            root,
            item =>
            {
                cancel.ThrowIfCancellationRequested();
                bool counts = (item.Stat.Mode & Libc.S_IFMT) is Libc.S_IFREG or Libc.S_IFLNK && (item.Stat.Links == 1 || linked.Add(item.Stat.Inode));
                size += counts ? item.Stat.Size : 0;
                return true;
            });
        return size;
    }
}
