using System.Text.Json;

using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage.Database;

namespace Berth.Images;

/// <summary>The list of all images from three queries, whatever their number.</summary>
internal static class ImageList
{
    private static readonly Dictionary<string, string> NoLabels = [];

    public static IReadOnlyList<ImageSummary> Read(Session s)
    {
        ILookup<string, ImageReference> names = s.Query("SELECT image, name FROM tags ORDER BY name", r => (Image: r.GetString(0), Name: ImageReference.Parse(r.GetString(1))))
            .ToLookup(t => t.Image, t => t.Name);
        Dictionary<string, int> uses = s.Query("SELECT image, count(*) FROM containers WHERE image IS NOT NULL GROUP BY image", r => (r.GetString(0), r.GetInt32(1)))
            .ToDictionary(u => u.Item1, u => u.Item2);
        return s.Query(
            "SELECT id, created, size, labels FROM images ORDER BY created DESC, id",
            r =>
            {
                string id = r.GetString(0);
                return new ImageSummary(
                    Digest.Parse(id), Clock.ToTime(r.GetInt64(1)), r.GetInt64(2), [.. names[id].Where(n => n.Digest is null).Select(n => n.Familiar)],
                    [.. names[id].Where(n => n.Digest is not null).Select(n => n.Familiar)],
                    r.IsDBNull(3) ? NoLabels : JsonSerializer.Deserialize(r.GetString(3), ImageRowsJson.Default.IReadOnlyDictionaryStringString)!, uses.GetValueOrDefault(id));
            });
    }
}
