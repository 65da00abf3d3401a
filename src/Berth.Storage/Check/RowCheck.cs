using Berth.Storage.Database;

namespace Berth.Storage.Check;

/// <summary>The database by itself: its pages, and rows that name others which are not there.</summary>
internal static class RowCheck
{
    // What names what, and how the rows without a partner go. Images and layers are seen to by those who know what stands on them.
    private static readonly (string What, string Find, string Remove)[] Dangling =
    [
        ("names of no image", "SELECT name FROM tags WHERE image NOT IN (SELECT id FROM images)", "DELETE FROM tags WHERE image NOT IN (SELECT id FROM images)"),
        ("contents of no image", "SELECT digest FROM image_blobs WHERE image NOT IN (SELECT id FROM images)", "DELETE FROM image_blobs WHERE image NOT IN (SELECT id FROM images)"),
        ("what no lease keeps", "SELECT name FROM lease_refs WHERE lease NOT IN (SELECT id FROM leases)", "DELETE FROM lease_refs WHERE lease NOT IN (SELECT id FROM leases)"),
        ("volumes' use by no container", "SELECT volume FROM container_volumes WHERE container NOT IN (SELECT id FROM containers)", "DELETE FROM container_volumes WHERE container NOT IN (SELECT id FROM containers)"),
        ("execs of no container", "SELECT id FROM execs WHERE container NOT IN (SELECT id FROM containers)", "DELETE FROM execs WHERE container NOT IN (SELECT id FROM containers)"),
    ];

    public static async Task RunAsync(BerthDatabase database, bool repair, Action<CheckFinding> found, CancellationToken cancel)
    {
        foreach (string fault in database.Read(s => s.Query("PRAGMA quick_check", r => r.GetString(0))).Where(f => f != "ok"))
        {
            found(new CheckFinding(CheckedKind.Row, "berth.db", fault, "cannot be repaired: restore the file from a copy, or start anew without it", IsRepaired: false));
        }

        foreach ((string what, string find, string remove) in Dangling)
        {
            IReadOnlyList<string> names = database.Read(s => s.Query(find, r => r.GetString(0)));
            if (names.Count == 0)
            {
                continue;
            }

            if (repair)
            {
                await database.WriteAsync(t => t.Execute(remove), cancel);
            }

            foreach (string name in names)
            {
                found(new CheckFinding(CheckedKind.Row, name, $"stands among the {what}", repair ? "removed" : "--repair removes it", repair));
            }
        }

        // Whatever else the schema demands.
        foreach (string row in database.Read(s => s.Query("PRAGMA foreign_key_check", r => $"{r.GetString(0)} to {r.GetString(2)}")).Distinct())
        {
            found(new CheckFinding(CheckedKind.Row, row, "some rows name others that are not there", "cannot be repaired by itself: see what else is reported", IsRepaired: false));
        }
    }
}
