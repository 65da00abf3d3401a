using System.Globalization;

using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Snapshots;

namespace Berth.Storage.Check;

/// <summary>Files that no row names, and containers' folders that are gone.</summary>
internal sealed class LeftoverCheck(DataRoot root, BerthDatabase database, ContentStore content, Trash trash)
{
    public async Task RunAsync(bool repair, Action<CheckFinding> found, CancellationToken cancel)
    {
        foreach (string path in await content.StrayFilesAsync(repair, cancel))
        {
            found(Leftover(path, repair));
        }

        // Folders are listed before the rows: a snapshot's row is older than its folder, so one without a row is not just being made.
        string[] folders = Directory.GetDirectories(root.Snapshots);
        HashSet<long> rows = database.Read(s => s.Query("SELECT id FROM snapshots", r => r.GetInt64(0))).ToHashSet();
        List<string> strays = [.. folders.Where(p => p != root.EmptyLayer && !(long.TryParse(Path.GetFileName(p), NumberStyles.None, CultureInfo.InvariantCulture, out long id) && rows.Contains(id)))];
        if (strays.Count > 0)
        {
            await trash.WhenRemovedAsync().WaitAsync(cancel); // a row goes before its folder
        }

        foreach (string path in strays.Where(Directory.Exists))
        {
            if (repair)
            {
                trash.Discard(path);
            }

            found(Leftover(path, repair));
        }

        MissingFolders(found);
    }

    private void MissingFolders(Action<CheckFinding> found)
    {
        foreach ((long id, string key) in database.Read(s => s.Query(
            "SELECT snapshots.id, key FROM snapshots JOIN containers ON containers.id = key", r => (r.GetInt64(0), r.GetString(1)))))
        {
            if (!Directory.Exists(root.SnapshotFiles(id)) && database.Read(s => s.Any("SELECT 1 FROM snapshots WHERE id = @id AND key = @key", ("@id", id), ("@key", key))))
            {
                found(new CheckFinding(CheckedKind.Container, key, $"the folder of its files ({root.SnapshotFiles(id)}) is missing", "cannot be repaired: remove the container", IsRepaired: false));
            }
        }
    }

    private static CheckFinding Leftover(string path, bool repair) =>
        new(CheckedKind.Leftover, path, "no row names it", repair ? "removed" : "--repair removes it", repair);
}
