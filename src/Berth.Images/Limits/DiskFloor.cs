using System.Globalization;

using Berth.Images.Removal;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Collection;
using Berth.Storage.Content;
using Berth.Storage.Database;

namespace Berth.Images.Limits;

/// <summary>
/// Keeps images within limits: what was used longest ago and is used by no container and kept by no lease goes first, one image after the other,
/// until the limits hold. Downloads that were broken off go before any image. Run after whatever makes images grow, and at the start.
/// </summary>
/// <param name="root">Whose file system is looked at.</param>
/// <param name="database">The images' rows.</param>
/// <param name="content">The contents.</param>
/// <param name="collector">Takes what a removed image leaves.</param>
/// <param name="limits">What has to hold.</param>
/// <param name="changed">Told of images that are removed.</param>
/// <param name="log">Told a line for each of them.</param>
public sealed class DiskFloor(
    DataRoot root, BerthDatabase database, ContentStore content, Collector collector, DiskLimits limits, ImageChange? changed, Action<string> log)
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Removes images until the limits hold. Never fails: what it cannot do it logs.</summary>
    /// <param name="keep">Images that have just come, and are not to go at once.</param>
    /// <returns>The images that went.</returns>
    public async Task<IReadOnlyList<Digest>> ApplyAsync(IReadOnlyCollection<Digest> keep)
    {
        var removed = new List<Digest>();
        if (!limits.AreSet)
        {
            return removed;
        }

        await _one.WaitAsync();
        try
        {
            if (Excess() is not null)
            {
                await content.DropInterruptedAsync(CancellationToken.None);
                await collector.CollectAsync(CancellationToken.None);
            }

            var tried = keep.ToHashSet();
            while (Excess() is { } excess && Oldest(tried) is { } image)
            {
                tried.Add(image);
                if (await RemoveAsync(image, excess))
                {
                    removed.Add(image);
                    await collector.CollectAsync(CancellationToken.None);
                }
            }

            if (Excess() is { } left)
            {
                log($"{left}, and no image is left that is not in use");
            }
        }
        catch (Exception e) when (e is EngineException or LinuxException or IOException)
        {
            log($"images could not be kept within their limits: {e.Message}");
        }
        finally
        {
            _one.Release();
        }

        return removed;
    }

    /// <summary>Bytes of all layers, contents and partial blobs.</summary>
    public long Taken() =>
        database.Read(s => s.Number("SELECT coalesce((SELECT sum(size) FROM layers), 0) + coalesce((SELECT sum(size) FROM blobs), 0)"))
        + content.Partials().Sum(p => p.DiskBytes);

    // Which limit does not hold, for people; null: all do.
    private string? Excess()
    {
        if (limits.ImageCap is { } cap && Taken() is var taken && taken > cap)
        {
            return string.Create(CultureInfo.InvariantCulture, $"images take {taken} bytes, more than the {cap} that --image-cap allows");
        }

        return limits.FreeSpaceFloor is { } floor && FileSpace.Free(root.Data) is var free && free < floor
            ? string.Create(CultureInfo.InvariantCulture, $"{free} bytes are free on the disk of {root.Data}, fewer than the {floor} of --free-space-floor")
            : null;
    }

    private const string Unused =
        """
        id NOT IN (SELECT image FROM containers WHERE image IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM lease_refs WHERE (kind = 'Chain' AND name = chain_id) OR (kind IN ('Blob', 'Image') AND name = id))
        """;

    private Digest? Oldest(HashSet<Digest> tried) => database.Read(s => s.Query($"SELECT id FROM images WHERE {Unused} ORDER BY last_used, id", r => Digest.Parse(r.GetString(0))))
        .Where(id => !tried.Contains(id)).Cast<Digest?>().FirstOrDefault();

    private async Task<bool> RemoveAsync(Digest image, string excess)
    {
        (IReadOnlyList<ImageReference> names, long used, bool isGone) = await database.WriteAsync(
            t =>
            {
                // Asked again in here: a container may have been made of it since.
                if (!t.Any($"SELECT 1 FROM images WHERE id = @id AND {Unused}", ("@id", image.ToString())))
                {
                    return ([], 0, false);
                }

                IReadOnlyList<ImageReference> before = ImageRows.Names(t, image);
                long last = t.Number("SELECT last_used FROM images WHERE id = @id", ("@id", image.ToString()));
                return (before, last, new ImageRemover(t, changed).RemoveUnused(image, dangling: false).Count > 0);
            },
            CancellationToken.None);
        if (isGone)
        {
            string shown = names.Count > 0 ? string.Join(", ", names.Select(n => n.Familiar)) : "without a name";
            log($"image {image.Short} ({shown}, last used {Clock.ToTime(used).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}) was removed: {excess}");
        }

        return isGone;
    }
}
