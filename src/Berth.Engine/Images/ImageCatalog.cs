using System.Globalization;

using Berth.Api;
using Berth.Engine.Events;
using Berth.Images;
using Berth.Images.Archives;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Content;

namespace Berth.Engine.Images;

/// <summary>Images as the API shows and changes them. The store knows the bytes, this knows the answers.</summary>
public sealed class ImageCatalog
{
    private readonly ImageStore _store;
    private readonly ImageSaver _saver;
    private readonly ContentStore _content;
    private readonly EventLog _events;

    internal ImageCatalog(ImageStore store, ImageSaver saver, ContentStore content, EventLog events) =>
        (_store, _saver, _content, _events) = (store, saver, content, events);

    /// <summary>How many images there are.</summary>
    public int Count => _store.List().Count;

    /// <param name="filters">dangling, label, reference, before, since, until.</param>
    /// <param name="sharedSize">Also count what images share.</param>
    /// <exception cref="EngineException">Invalid: another filter, or one that names no image.</exception>
    public IReadOnlyList<Api.ImageSummary> List(Filters filters, bool sharedSize)
    {
        IReadOnlyList<Berth.Images.ImageSummary> all = _store.List();
        ImageFilter filter = ImageFilter.Of(filters, _store);
        ImageSharing? sharing = sharedSize ? _store.Sharing() : null;
        return [.. all.Where(filter.Admits).Select(image => ImageShapes.Summary(filter.Shown(image), sharing?.SharedBy(image.Id)))];
    }

    /// <exception cref="EngineException">NotFound: also where it is for another platform.</exception>
    public ImageInspect Inspect(string name, Platform? platform) => ImageShapes.Inspect(_store.Resolve(name, platform));

    /// <summary>The steps it was built by, the last one first.</summary>
    /// <exception cref="EngineException">NotFound: also where it is for another platform.</exception>
    public IReadOnlyList<ImageHistoryResponseItem> History(string name, Platform? platform)
    {
        ImageRecord image = _store.Resolve(name, platform);
        var parents = new List<ImageRecord>();

        // A parent is older than its child, so this ends; the bound is against a database that says otherwise.
        for (ImageRecord? parent = image; parent?.Parent is { } id && parents.Count < image.Config.History?.Count;)
        {
            parent = _store.Find(id);
            if (parent is not null)
            {
                parents.Add(parent);
            }
        }

        return ImageShapes.History(image, parents, _store.LayerSizes(image.Chain));
    }

    /// <summary>Loads every image of an archive, or only those for one platform.</summary>
    public Task LoadAsync(Stream archive, Platform? platform, IProgress<string> progress, CancellationToken cancel) => _store.LoadAsync(archive, platform, progress, cancel);

    /// <summary>Writes images as one archive, which is whole and told of when the task ends.</summary>
    /// <param name="request">Which, and how.</param>
    /// <param name="send">Sends the archive.</param>
    /// <exception cref="EngineException">NotFound.</exception>
    public async Task SaveAsync(SaveRequest request, Func<SavedArchive, Task> send)
    {
        using SavedArchive archive = _saver.Open(request);
        await send(archive).ConfigureAwait(false);
        await _saver.TellAsync(archive).ConfigureAwait(false);
    }

    /// <summary>Makes an image of a file system.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> ImportAsync(Stream archive, ImportRequest request, CancellationToken cancel) =>
        (await _store.ImportAsync(archive, request, cancel).ConfigureAwait(false)).ToString();

    /// <summary>Names an image once more.</summary>
    /// <param name="source">A name or id.</param>
    /// <param name="repository">The new name, which may hold its tag.</param>
    /// <param name="tag">Its tag; null: that of the name, else "latest".</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public Task TagAsync(string source, string? repository, string? tag, CancellationToken cancel) => _store.TagAsync(source, Target(repository, tag), cancel);

    /// <summary>Removes a name, and the image with its last one; nothing where platforms are named and it is for none of them.</summary>
    public async Task<IReadOnlyList<ImageDeleteResponseItem>> RemoveAsync(
        string name, IReadOnlyList<Platform> platforms, bool force, bool keepParents, CancellationToken cancel)
    {
        IReadOnlyList<ImageRemoval> removed = await _store.RemoveAsync(name, platforms, force, keepParents, cancel).ConfigureAwait(false);
        return [.. removed.Select(static r => new ImageDeleteResponseItem { Untagged = r.Untagged, Deleted = r.Deleted })];
    }

    /// <summary>Removes images that no container uses: those without a tag, or with the filter dangling=false all of them; and downloads that were broken off.</summary>
    /// <param name="filters">dangling, until, label, label!.</param>
    /// <param name="cancel">Ends it between two images.</param>
    public async Task<ImagePruneResponse> PruneAsync(Filters filters, CancellationToken cancel)
    {
        var filter = new ImagePruneFilter(filters, DateTimeOffset.UtcNow);
        long partials = filter.TakesAll ? await _content.DropInterruptedAsync(cancel).ConfigureAwait(false) : 0;
        (IReadOnlyList<ImageRemoval> removed, long reclaimed) = await _store.PruneAsync(filter.IsDangling, filter.Admits, cancel).ConfigureAwait(false);
        reclaimed += partials;
        await _events.PostAsync(new EngineEvent("image", "prune", "", new Dictionary<string, string> { ["reclaimed"] = $"{reclaimed}" })).ConfigureAwait(false);
        return new ImagePruneResponse
        {
            ImagesDeleted = [.. removed.Select(static r => new ImageDeleteResponseItem { Untagged = r.Untagged, Deleted = r.Deleted })],
            SpaceReclaimed = reclaimed,
        };
    }

    /// <summary>Reads the name of an image that is to come: one with neither tag nor digest means all tags.</summary>
    /// <param name="image">A name, which may hold its tag or digest.</param>
    /// <param name="tag">A tag or digest, in place of the name's.</param>
    /// <exception cref="EngineException">Invalid: the grammar refuses it.</exception>
    public static ImageReference Source(string image, string? tag)
    {
        try
        {
            // "docker pull -a" may send a name with a colon at its end.
            ImageReference named = ImageReference.Parse(image.TrimEnd(':'));
            return string.IsNullOrEmpty(tag) ? named
                : Digest.TryParse(tag, out Digest digest) ? named with { Tag = null, Digest = digest }
                : ImageReference.Parse($"{named.Repository}:{tag}") with { Digest = named.Digest };
        }
        catch (FormatException e)
        {
            throw EngineException.Invalid(e.Message, e);
        }
    }

    /// <summary>Reads the name that an image is to get.</summary>
    /// <exception cref="EngineException">Invalid: no name, or one that the grammar refuses.</exception>
    public static ImageReference Target(string? repository, string? tag)
    {
        string text = string.IsNullOrEmpty(tag) ? repository ?? "" : $"{repository}:{tag}";
        try
        {
            ImageReference reference = ImageReference.Parse(text).WithDefaultTag();
            return reference.Digest is null ? ImageStore.CheckName(reference) : throw EngineException.Invalid("refusing to create a tag with a digest reference");
        }
        catch (FormatException e)
        {
            throw EngineException.Invalid(string.Create(CultureInfo.InvariantCulture, $"invalid reference format: \"{text}\": {e.Message}"), e);
        }
    }
}
