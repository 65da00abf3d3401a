using System.Globalization;

using Berth.Api;
using Berth.Images;
using Berth.Images.Archives;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Engine.Images;

/// <summary>Images as the API shows and changes them. The store knows the bytes, this knows the answers.</summary>
public sealed class ImageCatalog(ImageStore store, ImageSaver saver)
{
    /// <summary>How many images there are.</summary>
    public int Count => store.List().Count;

    /// <param name="filters">dangling, label, reference, before, since, until.</param>
    /// <param name="sharedSize">Also count what images share.</param>
    /// <exception cref="EngineException">Invalid: another filter, or one that names no image.</exception>
    public IReadOnlyList<Api.ImageSummary> List(Filters filters, bool sharedSize)
    {
        IReadOnlyList<Berth.Images.ImageSummary> all = store.List();
        ImageFilter filter = ImageFilter.Of(filters, store);
        return [.. all.Where(filter.Admits).Select(image => ImageShapes.Summary(image, filter.Names(image), sharedSize))];
    }

    /// <exception cref="EngineException">NotFound.</exception>
    public ImageInspect Inspect(string name) => ImageShapes.Inspect(store.Resolve(name));

    /// <summary>The steps it was built by, the last one first.</summary>
    /// <exception cref="EngineException">NotFound: also where it is for another platform.</exception>
    public IReadOnlyList<ImageHistoryResponseItem> History(string name, Platform? platform)
    {
        ImageRecord image = store.Resolve(name, platform);
        var parents = new List<ImageRecord>();

        // A parent is older than its child, so this ends; the bound is against a database that says otherwise.
        for (ImageRecord? parent = image; parent?.Parent is { } id && parents.Count < image.Config.History?.Count;)
        {
            parent = store.Find(id);
            if (parent is not null)
            {
                parents.Add(parent);
            }
        }

        return ImageShapes.History(image, parents, store.LayerSizes(image.Chain));
    }

    /// <summary>Loads every image of an archive, or only those for one platform.</summary>
    public Task LoadAsync(Stream archive, Platform? platform, IProgress<string> progress, CancellationToken cancel) => store.LoadAsync(archive, platform, progress, cancel);

    /// <summary>Writes images as one archive, which is whole and told of when the task ends.</summary>
    /// <param name="request">Which, and how.</param>
    /// <param name="send">Sends the archive.</param>
    /// <exception cref="EngineException">NotFound.</exception>
    public async Task SaveAsync(SaveRequest request, Func<SavedArchive, Task> send)
    {
        using SavedArchive archive = saver.Open(request);
        await send(archive).ConfigureAwait(false);
        await saver.TellAsync(archive).ConfigureAwait(false);
    }

    /// <summary>Makes an image of a file system.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> ImportAsync(Stream archive, ImportRequest request, CancellationToken cancel) =>
        (await store.ImportAsync(archive, request, cancel).ConfigureAwait(false)).ToString();

    /// <summary>Names an image once more.</summary>
    /// <param name="source">A name or id.</param>
    /// <param name="repository">The new name, which may hold its tag.</param>
    /// <param name="tag">Its tag; null: that of the name, else "latest".</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public Task TagAsync(string source, string? repository, string? tag, CancellationToken cancel) => store.TagAsync(source, Target(repository, tag), cancel);

    /// <summary>Removes a name, and the image with its last one.</summary>
    public async Task<IReadOnlyList<ImageDeleteResponseItem>> RemoveAsync(string name, bool force, bool keepParents, CancellationToken cancel)
    {
        IReadOnlyList<ImageRemoval> removed = await store.RemoveAsync(name, force, keepParents, cancel).ConfigureAwait(false);
        return [.. removed.Select(static r => new ImageDeleteResponseItem { Untagged = r.Untagged, Deleted = r.Deleted })];
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
