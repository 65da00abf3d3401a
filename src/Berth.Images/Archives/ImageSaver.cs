using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Snapshots;

namespace Berth.Images.Archives;

/// <summary>
/// Archives of images as Docker 25 and later write them: an OCI layout, and manifest.json and repositories for everybody else. Layers are saved as
/// they are stored, without packing or unpacking, so every digest stays.
/// </summary>
/// <param name="database">The images' rows.</param>
/// <param name="content">Their blobs.</param>
/// <param name="layers">Their layers.</param>
/// <param name="images">Finds them.</param>
/// <param name="changed">Told of what was saved; null: nobody.</param>
public sealed class ImageSaver(BerthDatabase database, IContentProvider content, LayerStore layers, ImageStore images, ImageChange? changed = null)
{
    /// <summary>Finds all that is to be saved and opens it, so that a removal meanwhile changes nothing.</summary>
    /// <exception cref="EngineException">NotFound: an image, or a platform of it.</exception>
    public SavedArchive Open(SaveRequest request)
    {
        HashSet<ChainId> leftOut = [.. request.Since.SelectMany(name => Chains(images.Resolve(name)))];
        List<SavedImage> saved = [];
        foreach ((Digest id, List<ImageReference> names) in Chosen(request.Names))
        {
            ImageRecord record = images.Find(id) ?? throw EngineException.NotFound($"No such image: {id}");
            ImageStore.CheckPlatform(record, names.FirstOrDefault()?.Familiar ?? id.ToString(), request.Platform);
            saved.Add(Describe(record, names, LeftOut([.. Chains(record)], leftOut, request.Have.GetValueOrDefault(id))));
        }

        return new SavedArchive(saved, content, request.Since);
    }

    /// <summary>Call when an archive has been written whole.</summary>
    public Task TellAsync(SavedArchive archive) => database.WriteAsync(
        t =>
        {
            foreach (Digest id in archive.Ids)
            {
                changed?.Invoke(t, "save", id, id.ToString());
            }
        },
        CancellationToken.None);

    // In the order asked for; an image asked for under several names comes once.
    private List<(Digest Id, List<ImageReference> Names)> Chosen(IReadOnlyList<string> asked)
    {
        var chosen = new List<(Digest Id, List<ImageReference> Names)>();
        if (asked.Count == 0)
        {
            throw EngineException.Invalid("no image was named");
        }

        foreach ((Digest id, ImageReference? name) in asked.SelectMany(a => database.Read(s => Meant(s, a))))
        {
            int at = chosen.FindIndex(c => c.Id == id);
            if (at < 0)
            {
                at = chosen.Count;
                chosen.Add((id, []));
            }

            if (name is not null && !chosen[at].Names.Contains(name))
            {
                chosen[at].Names.Add(name);
            }
        }

        return chosen;
    }

    private static List<(Digest Id, ImageReference? Name)> Meant(Session s, string text)
    {
        Digest found = ImageLookup.Find(s, text) ?? Tagged(s, text).Select(t => (Digest?)t.Id).FirstOrDefault()
            ?? throw EngineException.NotFound($"No such image: {ImageLookup.Shown(text)}");
        if (!ImageReference.TryParse(text, out ImageReference? name) || (Digest.TryFromHex(text, out _) || name.FamiliarRepository == "sha256"))
        {
            return [(found, null)];
        }

        List<(Digest Id, ImageReference? Name)> all = name is { Tag: null, Digest: null } ? Tagged(s, text) : [];
        return all.Count > 0 ? all
            : ImageRows.Find(s, name.Digest is null ? name.WithDefaultTag() : name with { Tag = null }) is null ? [(found, null)] // the beginning of an id
            : [(found, name.Digest is null ? name : null)];
    }

    private static List<(Digest Id, ImageReference? Name)> Tagged(Session s, string text) =>
        ImageReference.TryParse(text, out ImageReference? name) && name is { Tag: null, Digest: null }
            ? s.Query(
                "SELECT image, name FROM tags WHERE repository = @repository AND is_digest = 0 ORDER BY name",
                r => (Digest.Parse(r.GetString(0)), (ImageReference?)ImageReference.Parse(r.GetString(1))), ("@repository", name.Repository))
            : [];

    // How many of the lowest layers.
    private static int LeftOut(List<ChainId> chains, HashSet<ChainId> since, int have) => Math.Clamp(have, chains.TakeWhile(since.Contains).Count(), chains.Count);

    private SavedImage Describe(ImageRecord image, List<ImageReference> names, int leftOut)
    {
        var config = new Descriptor { MediaType = MediaTypes.Config, Digest = image.Id.ToString(), Size = content.Find(image.Id)?.Size ?? 0 };
        List<Digest> kept = database.Read(s => s.Query(
            "SELECT digest FROM image_blobs WHERE image = @id ORDER BY digest", r => Digest.Parse(r.GetString(0)), ("@id", image.Id.ToString())));
        List<Digest> diffIds = [.. (image.Config.RootFs?.DiffIds ?? []).Select(Digest.Parse)];
        (IReadOnlyList<(Descriptor Descriptor, byte[]? Bytes)> documents, IReadOnlyList<Descriptor> stored) = new ImageManifests(content, layers).Of(config, diffIds, kept);
        Descriptor top = documents[^1].Descriptor;
        return new SavedImage(
            image.Id, config, names, MediaTypes.IsIndex(top.MediaType) ? top : top with { Platform = PlatformMatch.Of(image.Config) }, stored, leftOut, documents);
    }

    private static IEnumerable<ChainId> Chains(ImageRecord image)
    {
        ChainId? chain = null;
        foreach (string diffId in image.Config.RootFs?.DiffIds ?? [])
        {
            chain = ChainId.Of(chain, Digest.Parse(diffId));
            yield return chain.Value;
        }
    }
}
