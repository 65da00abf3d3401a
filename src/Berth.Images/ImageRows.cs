using System.Text.Json;

using Berth.Images.Archives;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage.Database;
using Berth.Storage.Snapshots;

namespace Berth.Images;

/// <summary>The rows of images and their names.</summary>
internal static class ImageRows
{
    /// <summary>Writes an image that is not there yet; one that is stays as it is.</summary>
    public static void Add(Transaction t, LoadedImage image)
    {
        DateTimeOffset created = image.Config.Created ?? DateTimeOffset.MinValue;
        t.Execute(
            "INSERT OR IGNORE INTO images (id, chain_id, created, size, architecture, os, labels, added) "
                + "VALUES (@id, @chain, @created, @size, @architecture, @os, @labels, @added)",
            ("@id", image.Id.ToString()), ("@chain", image.Chain?.ToString()), ("@created", Clock.FromTime(created)), ("@size", Size(t, image.Chain)),
            ("@architecture", image.Config.Architecture), ("@os", image.Config.Os), ("@labels", Labels(image.Config)), ("@added", Clock.Now()));
        ImageUsage.Touch(t, image.Id.ToString());
        foreach (Digest blob in image.Blobs)
        {
            t.Execute("INSERT OR IGNORE INTO image_blobs (image, digest) VALUES (@id, @digest)", ("@id", image.Id.ToString()), ("@digest", blob.ToString()));
        }
    }

    /// <summary>Says on which image one was committed.</summary>
    public static void SetParent(Transaction t, Digest image, Digest parent) =>
        t.Execute("UPDATE images SET parent = @parent WHERE id = @id", ("@parent", parent.ToString()), ("@id", image.ToString()));

    /// <summary>Gives a name to an image; answers the image that had it before.</summary>
    public static Digest? Tag(Transaction t, ImageReference name, Digest image)
    {
        Digest? before = Find(t, name);
        AddName(t, name, image);
        ImageUsage.Touch(t, image.ToString());
        t.Execute("UPDATE images SET last_tagged = @now WHERE id = @image", ("@now", Clock.Now()), ("@image", image.ToString()));
        return before == image ? null : before;
    }

    /// <summary>Gives a name to an image that nobody chose: the digest by which a registry knows it after a push.</summary>
    public static void AddName(Transaction t, ImageReference name, Digest image) => t.Execute(
        "INSERT INTO tags (name, image, repository, is_digest) VALUES (@name, @image, @repository, @digest) "
            + "ON CONFLICT (name) DO UPDATE SET image = excluded.image",
        ("@name", name.ToString()), ("@image", image.ToString()), ("@repository", name.Repository), ("@digest", name.Digest is not null));

    public static Digest? Find(Session s, ImageReference name) =>
        s.First("SELECT image FROM tags WHERE name = @name", r => (Digest?)Digest.Parse(r.GetString(0)), ("@name", name.ToString()));

    public static bool Exists(Session s, Digest id) => s.Any("SELECT 1 FROM images WHERE id = @id", ("@id", id.ToString()));

    /// <summary>Ids that begin with some digits; at most two, since a third would change nothing.</summary>
    public static List<Digest> FindByPrefix(Session s, string hex) =>
        s.Query(
            "SELECT id FROM images WHERE id >= @from AND id < @to LIMIT 2", r => Digest.Parse(r.GetString(0)),
            ("@from", $"sha256:{hex}"), ("@to", $"sha256:{hex}g"));

    /// <summary>All names of an image, canonical, in order.</summary>
    public static List<ImageReference> Names(Session s, Digest id) =>
        s.Query("SELECT name FROM tags WHERE image = @id ORDER BY name", r => ImageReference.Parse(r.GetString(0)), ("@id", id.ToString()));

    /// <summary>Containers that were made from an image.</summary>
    public static List<ImageUse> Uses(Session s, Digest id) =>
        s.Query(
            "SELECT id, lower(phase) FROM containers WHERE image = @id ORDER BY id",
            r => new ImageUse(r.GetString(0), r.GetString(1) is not ("created" or "exited" or "dead")), ("@id", id.ToString()));

    /// <summary>Sizes of a stack's layers, from the lowest up.</summary>
    public static IReadOnlyList<long> LayerSizes(Session s, ChainId? chain)
    {
        List<long> sizes = s.Query(
            "WITH RECURSIVE stack(chain_id, depth) AS (SELECT @chain, 0 UNION ALL SELECT l.parent, depth + 1 FROM layers l JOIN stack USING (chain_id) WHERE l.parent IS NOT NULL) "
                + "SELECT l.size FROM stack JOIN layers l USING (chain_id) ORDER BY depth DESC",
            r => r.GetInt64(0), ("@chain", chain?.ToString()));
        return sizes;
    }

    private static long Size(Session s, ChainId? chain) => s.Number(
        "WITH RECURSIVE stack(chain_id, parent, size) AS (SELECT chain_id, parent, size FROM layers WHERE chain_id = @chain "
            + "UNION ALL SELECT l.chain_id, l.parent, l.size FROM layers l JOIN stack ON l.chain_id = stack.parent) SELECT sum(size) FROM stack",
        ("@chain", chain?.ToString()));

    private static string? Labels(Image config) =>
        config.Config?.Labels is { Count: > 0 } labels ? JsonSerializer.Serialize(labels, ImageRowsJson.Default.IReadOnlyDictionaryStringString) : null;
}
