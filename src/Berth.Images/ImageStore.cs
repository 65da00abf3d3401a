using System.Text.Json;

using Berth.Images.Archives;
using Berth.Images.Import;
using Berth.Images.Limits;
using Berth.Images.Removal;
using Berth.Images.Signatures;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Collection;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Images;

/// <summary>Images by name and id: what the API's /images does, without HTTP.</summary>
/// <param name="database">Their rows.</param>
/// <param name="content">Their blobs.</param>
/// <param name="layers">Their layers.</param>
/// <param name="collector">Takes what a removal leaves unnamed.</param>
/// <param name="changed">Told of every change; null: nobody.</param>
public sealed class ImageStore(BerthDatabase database, IContentStore content, LayerStore layers, Collector collector, ImageChange? changed = null)
{
    private const string BuiltInFact = "builtin-image";

    private readonly ImageConfigCache _configs = new(content);

    /// <summary>Applied after whatever makes images grow; null: there are no limits.</summary>
    public DiskFloor? Floor { get; init; }

    /// <summary>Whether images may come without a registry's signatures, out of archives; null: they may.</summary>
    public SignaturePolicy? Policy { get; init; }

    /// <summary>Finds an image by reference, id or a unique beginning of an id.</summary>
    /// <exception cref="EngineException">NotFound: "No such image: …". Invalid: ambiguous or no reference at all.</exception>
    public ImageRecord Resolve(string name) => Find(name) ?? throw EngineException.NotFound($"No such image: {ImageLookup.Shown(name)}");

    /// <summary>As the other, but only where it is for a platform; null: any.</summary>
    /// <exception cref="EngineException">NotFound: also where it is for another.</exception>
    public ImageRecord Resolve(string name, Platform? platform)
    {
        ImageRecord image = Resolve(name);
        CheckPlatform(image, ImageLookup.Shown(name), platform);
        return image;
    }

    internal static void CheckPlatform(ImageRecord image, string shown, Platform? wanted)
    {
        if (wanted is not null && !PlatformMatch.Runs(PlatformMatch.Of(image.Config), PlatformMatch.Complete(wanted)))
        {
            throw OtherPlatform(image, shown, $"{wanted}");
        }
    }

    private static EngineException OtherPlatform(ImageRecord image, string shown, string wanted) =>
        EngineException.NotFound($"image {shown} was found but is for {PlatformMatch.Of(image.Config)}: there is nothing of it for {wanted}");

    /// <summary>As <see cref="Resolve(string)"/>, null where there is none.</summary>
    public ImageRecord? Find(string name) => database.Read(s => ImageLookup.Find(s, name) is { } id ? Record(s, id) : null);

    /// <summary>Finds an image by its exact id.</summary>
    public ImageRecord? Find(Digest id) => database.Read(s => Record(s, id));

    /// <summary>All images, the newest first.</summary>
    public IReadOnlyList<ImageSummary> List() => database.Read(ImageList.Read);

    /// <summary>Bytes of each layer's files, from the lowest up.</summary>
    public IReadOnlyList<long> LayerSizes(ChainId? chain) => database.Read(s => ImageRows.LayerSizes(s, chain));

    /// <summary>What the images share.</summary>
    public ImageSharing Sharing() => database.Read(ImageSharing.Read);

    /// <summary>Removes images that no container uses, under all their names.</summary>
    /// <param name="dangling">Only those without a tag.</param>
    /// <param name="wanted">Which of them.</param>
    /// <param name="cancel">Ends it between two images.</param>
    /// <returns>What went, and the bytes of the layers that went with it.</returns>
    public async Task<(IReadOnlyList<ImageRemoval> Removed, long Reclaimed)> PruneAsync(bool dangling, Func<ImageSummary, bool> wanted, CancellationToken cancel)
    {
        var removed = new List<ImageRemoval>();
        foreach (ImageSummary image in List().Where(i => i.Containers == 0).Where(wanted))
        {
            removed.AddRange(await database.WriteAsync(t => new ImageRemover(t, changed).RemoveUnused(image.Id, dangling), cancel));
        }

        Dictionary<ChainId, long> sizes = layers.List().ToDictionary(l => l.Chain, l => l.Size);
        Collected collected = await collector.CollectAsync(CancellationToken.None);
        removed.AddRange(collected.Chains.Select(chain => new ImageRemoval(null, chain.ToString())));
        return (removed, collected.Chains.Sum(chain => sizes.GetValueOrDefault(chain)));
    }

    /// <summary>Loads every image of a Docker archive or an OCI layout, itself plain or compressed.</summary>
    /// <param name="archive">Read once, from its present position.</param>
    /// <param name="progress">Lines for the user, e.g. "Loaded image: busybox:latest".</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <returns>The ids of the loaded images.</returns>
    /// <exception cref="EngineException">Invalid: the archive is damaged, hostile or of an unknown kind.</exception>
    public Task<IReadOnlyList<Digest>> LoadAsync(Stream archive, IProgress<string> progress, CancellationToken cancel) => LoadAsync(archive, null, progress, cancel);

    /// <summary>As the other, but only images for one platform.</summary>
    /// <exception cref="EngineException">NotFound: there is none for it.</exception>
    public Task<IReadOnlyList<Digest>> LoadAsync(Stream archive, Platform? platform, IProgress<string> progress, CancellationToken cancel) =>
        OrLeaveNothingAsync(() => ReceiveAsync(archive, platform, Policy, progress, cancel));

    private async Task<IReadOnlyList<Digest>> ReceiveAsync(Stream archive, Platform? platform, SignaturePolicy? policy, IProgress<string> progress, CancellationToken cancel)
    {
        await using Lease lease = await Lease.CreateAsync(database, "load", cancel);
        using ReceivedArchive received = await ArchiveReception.ReceiveAsync(archive, content, lease, cancel);
        policy?.CheckArchive(received.Find(DockerArchive.Manifest) is null ? "oci-archive" : "docker-archive");
        IReadOnlyList<ArchivedImage> images =
            received.Find(DockerArchive.Manifest) is { } manifest ? DockerArchive.Read(received, manifest, platform)
            : received.Find(OciLayout.Index) is { } index ? OciLayout.Read(received, index, platform ?? PlatformMatch.Host)
            : throw ArchiveShape.NoImages();
        var loader = new ImageLoader(layers, lease);
        var loaded = new List<Digest>();
        foreach (ArchivedImage archived in images)
        {
            LoadedImage image = await loader.LoadAsync(archived, cancel);
            foreach (string line in await database.WriteAsync(t => Publish(t, image, archived), CancellationToken.None))
            {
                progress.Report(line);
            }

            loaded.Add(image.Id);
        }

        layers.SyncBehind();
        await lease.DisposeAsync();
        await KeepWithinAsync(loaded);
        return loaded;
    }

    /// <summary>Makes an image of one layer from a tar archive, plain or compressed.</summary>
    /// <exception cref="EngineException">Invalid: the archive or a change.</exception>
    public Task<Digest> ImportAsync(Stream archive, ImportRequest request, CancellationToken cancel) =>
        OrLeaveNothingAsync(() => MakeAsync(archive, request, cancel));

    private async Task<Digest> MakeAsync(Stream archive, ImportRequest request, CancellationToken cancel)
    {
        Policy?.CheckArchive("tarball");
        ImageConfig config = ImportChanges.Apply(new ImageConfig(), request.Changes);
        await using Lease lease = await Lease.CreateAsync(database, "import", cancel);
        using ArchiveFile layer = await ArchiveReception.ReceiveFileAsync(archive, content, lease, cancel);
        (UnpackedLayer unpacked, LayerBlob blob, Digest diffId) = await new ImageLoader(layers, lease).UnpackAsync(layer, null, cancel);
        ChainId chain = await layers.CommitAsync(unpacked, null, diffId, blob, lease, cancel);
        using ArchiveFile document = ImportedImage.Write(content, lease, request, config, diffId);
        await document.CommitAsync(cancel);
        var image = new LoadedImage(document.Digest, ReceivedArchive.ReadJson(document, ImageJson.Default.Image, "the config"), chain, [document.Digest]);
        await database.WriteAsync(
            t =>
            {
                ImageRows.Add(t, image);
                if (request.Reference is { } name)
                {
                    ImageRows.Tag(t, name.WithDefaultTag(), image.Id);
                }

                changed?.Invoke(t, "import", image.Id, request.Reference?.WithDefaultTag().Familiar ?? image.Id.ToString());
            },
            CancellationToken.None);
        layers.SyncBehind();
        await lease.DisposeAsync();
        await KeepWithinAsync([image.Id]);
        return image.Id;
    }

    /// <summary>Refuses the one name that would look like the beginning of an id: "sha256:…".</summary>
    /// <exception cref="EngineException">Invalid.</exception>
    public static ImageReference CheckName(ImageReference name) =>
        name.FamiliarRepository != "sha256" ? name : throw EngineException.Invalid("refusing to create an ambiguous tag using digest algorithm as name");

    /// <summary>Gives an image one more name; a name in use moves.</summary>
    /// <exception cref="EngineException">NotFound: no such image. Invalid: the new name has a digest.</exception>
    public async Task TagAsync(string source, ImageReference target, CancellationToken cancel)
    {
        if (target.Digest is not null)
        {
            throw EngineException.Invalid("refusing to create a tag with a digest reference");
        }

        await database.WriteAsync(
            t =>
            {
                Digest id = ImageLookup.Find(t, source) ?? throw EngineException.NotFound($"No such image: {ImageLookup.Shown(source)}");
                ImageReference name = target.WithDefaultTag();
                ImageRows.Tag(t, name, id);
                changed?.Invoke(t, "tag", id, name.Familiar);
            },
            cancel);
    }

    /// <summary>Removes a name, and the image with its last name.</summary>
    /// <param name="name">A reference or an id.</param>
    /// <param name="force">Also where several names or stopped containers stand in the way.</param>
    /// <param name="keepParents">Docker's noprune. Images here have no untagged parents, so nothing changes.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">NotFound. Conflict: a container uses it, or it has several names.</exception>
    public Task<IReadOnlyList<ImageRemoval>> RemoveAsync(string name, bool force, bool keepParents, CancellationToken cancel) =>
        RemoveAsync(name, [], force, keepParents, cancel);

    /// <summary>As the other, but only where the image is for one of some platforms; none: any.</summary>
    /// <exception cref="EngineException">NotFound: also where it is for another.</exception>
    public async Task<IReadOnlyList<ImageRemoval>> RemoveAsync(string name, IReadOnlyList<Platform> platforms, bool force, bool keepParents, CancellationToken cancel)
    {
        _ = keepParents;
        List<ImageRemoval> removed = await database.WriteAsync(
            t =>
            {
                CheckIsForOne(t, name, platforms);
                return new ImageRemover(t, changed).Remove(name, force);
            },
            cancel);
        if (removed.Any(r => r.Deleted is not null))
        {
            Collected collected = await collector.CollectAsync(CancellationToken.None);
            removed.AddRange(collected.Chains.Select(chain => new ImageRemoval(null, chain.ToString())));
        }

        return removed;
    }

    // With the removal in one transaction: the name may be given to another image at any time.
    private void CheckIsForOne(Session s, string name, IReadOnlyList<Platform> platforms)
    {
        if (platforms.Count > 0 && ImageLookup.Find(s, name) is { } id && Record(s, id) is { } image
            && !platforms.Any(p => PlatformMatch.Is(PlatformMatch.Of(image.Config), PlatformMatch.Complete(p))))
        {
            throw OtherPlatform(image, ImageLookup.Shown(name), string.Join(", ", platforms));
        }
    }

    /// <summary>Loads the built-in image into a store that never had it. Once removed by the user it does not come back.</summary>
    /// <param name="archive">The archive's path; nothing happens where there is none.</param>
    /// <param name="cancel">The daemon is stopping.</param>
    public async Task EnsureBuiltInAsync(string archive, CancellationToken cancel)
    {
        bool had = database.Read(s => s.Any("SELECT 1 FROM facts WHERE name = @name", ("@name", BuiltInFact)));
        if (had || !File.Exists(archive))
        {
            return;
        }

        await using FileStream file = File.OpenRead(archive);
        IReadOnlyList<Digest> loaded = await OrLeaveNothingAsync(() => ReceiveAsync(file, null, null, new Progress<string>(), cancel)); // part of the program: no policy is asked
        await database.WriteAsync(
            t => t.Execute("INSERT OR REPLACE INTO facts (name, value) VALUES (@name, @value)", ("@name", BuiltInFact), ("@value", string.Join(' ', loaded))), cancel);
    }

    /// <summary>The bytes of an image's config.</summary>
    public JsonDocument OpenConfig(Digest id)
    {
        using Stream stream = content.Open(id);
        return JsonDocument.Parse(stream);
    }

    // What a failed act brought already would lie there until the next collection.
    private async Task<T> OrLeaveNothingAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception failure)
        {
            try
            {
                await collector.CollectAsync(CancellationToken.None);
            }
            catch (Exception e) when (e is EngineException or Linux.LinuxException or IOException)
            {
                // The failure itself is what the user has to know; the rest goes with the next collection.
            }

            if (failure is Linux.LinuxException ours && ImageLoader.IsOurs(ours.Errno))
            {
                throw ImageLoader.Ours("the archive cannot be stored", ours);
            }

            throw;
        }
    }

    // After the lease's end: what it keeps could not go.
    private Task KeepWithinAsync(IReadOnlyCollection<Digest> grown) => Floor?.ApplyAsync(grown) ?? Task.CompletedTask;

    private List<string> Publish(Transaction t, LoadedImage image, ArchivedImage archived)
    {
        var lines = new List<string>();
        ImageRows.Add(t, image);
        foreach (ImageReference name in archived.Names)
        {
            if (ImageRows.Tag(t, name, image.Id) is { } before)
            {
                lines.Add($"The image {name.Familiar} already exists, renaming the old one with ID {before} to empty string");
            }

            if (archived.ManifestOf is { } manifest)
            {
                ImageRows.Tag(t, name with { Tag = null, Digest = manifest }, image.Id);
            }

            lines.Add($"Loaded image: {name.Familiar}");
        }

        if (archived.Names.Count == 0)
        {
            lines.Add($"Loaded image ID: {image.Id}");
        }

        changed?.Invoke(t, "load", image.Id, archived.Names.Count > 0 ? archived.Names[0].Familiar : image.Id.ToString());
        return lines;
    }

    private ImageRecord? Record(Session s, Digest id)
    {
        (string? Chain, long Size, long? Tagged, string? Parent)? row = s.First(
            "SELECT chain_id, size, last_tagged, (SELECT p.id FROM images p WHERE p.id = images.parent) FROM images WHERE id = @id",
            r => ((string?, long, long?, string?)?)(r.IsDBNull(0) ? null : r.GetString(0), r.GetInt64(1), r.IsDBNull(2) ? null : r.GetInt64(2), r.IsDBNull(3) ? null : r.GetString(3)),
            ("@id", id.ToString()));
        if (row is not { } image)
        {
            return null;
        }

        List<ImageReference> names = ImageRows.Names(s, id);
        return new ImageRecord(
            id, _configs.Get(id), image.Chain is null ? null : ChainId.Parse(image.Chain), [.. names.Where(n => n.Digest is null).Select(n => n.Familiar)],
            [.. names.Where(n => n.Digest is not null).Select(n => n.Familiar)], image.Size, image.Tagged is { } time ? Clock.ToTime(time) : null)
        {
            Parent = image.Parent is null ? null : Digest.Parse(image.Parent),
        };
    }
}
