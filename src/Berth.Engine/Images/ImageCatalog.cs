using System.Globalization;

using Berth.Api;
using Berth.Engine.Events;
using Berth.Images;
using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Engine.Images;

/// <summary>Images as the API shows and changes them. The store knows the bytes, this knows the answers and writes the events.</summary>
public sealed class ImageCatalog(ImageStore store, EventLog events)
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
    /// <exception cref="EngineException">NotFound.</exception>
    public IReadOnlyList<ImageHistoryResponseItem> History(string name) => ImageShapes.History(store.Resolve(name));

    /// <summary>Loads every image of an archive.</summary>
    public async Task LoadAsync(Stream archive, IProgress<string> progress, CancellationToken cancel)
    {
        foreach (Digest id in await store.LoadAsync(archive, progress, cancel).ConfigureAwait(false))
        {
            ImageRecord? image = store.Find(id);
            await WriteAsync("load", id, image?.RepoTags.FirstOrDefault()).ConfigureAwait(false);
        }
    }

    /// <summary>Makes an image of a file system.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> ImportAsync(Stream archive, ImportRequest request, CancellationToken cancel)
    {
        Digest id = await store.ImportAsync(archive, request, cancel).ConfigureAwait(false);
        await WriteAsync("import", id, request.Reference?.WithDefaultTag().Familiar).ConfigureAwait(false);
        return id.ToString();
    }

    /// <summary>Names an image once more.</summary>
    /// <param name="source">A name or id.</param>
    /// <param name="repository">The new name, which may hold its tag.</param>
    /// <param name="tag">Its tag; null: that of the name, else "latest".</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public async Task TagAsync(string source, string? repository, string? tag, CancellationToken cancel)
    {
        ImageReference target = Target(repository, tag);
        Digest id = store.Resolve(source).Id;
        await store.TagAsync(source, target, cancel).ConfigureAwait(false);
        await WriteAsync("tag", id, target.Familiar).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ImageDeleteResponseItem>> RemoveAsync(string name, bool force, bool keepParents, CancellationToken cancel)
    {
        Digest id = store.Resolve(name).Id;
        IReadOnlyList<ImageRemoval> removed = await store.RemoveAsync(name, force, keepParents, cancel).ConfigureAwait(false);
        foreach (ImageRemoval removal in removed)
        {
            if (removal.Untagged is not null)
            {
                await WriteAsync("untag", id, null).ConfigureAwait(false);
            }
            else if (removal.Deleted == id.ToString())
            {
                await WriteAsync("delete", id, null).ConfigureAwait(false);
            }
        }

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
            return reference.Digest is null ? reference : throw EngineException.Invalid("refusing to create a tag with a digest reference");
        }
        catch (FormatException e)
        {
            throw EngineException.Invalid(string.Create(CultureInfo.InvariantCulture, $"invalid reference format: \"{text}\": {e.Message}"), e);
        }
    }

    private Task WriteAsync(string action, Digest id, string? name) =>
        events.WriteAsync("image", action, id.ToString(), new Dictionary<string, string> { ["name"] = name ?? id.ToString() });
}
