using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;
using Berth.Storage.Layers;

namespace Berth.Images;

/// <summary>Images by name and id: what the API's /images does, without HTTP.</summary>
public sealed class ImageStore(DataRoot root, BerthDatabase database, ContentStore content, LayerStore layers, Durable durable)
{
    /// <summary>Finds an image by reference, id or a unique beginning of an id.</summary>
    /// <exception cref="EngineException">NotFound: "No such image: …". Invalid: ambiguous or no reference at all.</exception>
    public ImageRecord Resolve(string name) => throw new InvalidOperationException($"{root}{database}{content}{layers}{durable}{name}");

    /// <summary>As <see cref="Resolve"/>, null where there is none.</summary>
    public ImageRecord? Find(string name) => throw new InvalidOperationException(name);

    /// <summary>Finds an image by its exact id.</summary>
    public ImageRecord? Find(Digest id) => throw new InvalidOperationException(id.ToString());

    /// <summary>All images, the newest first.</summary>
    public IReadOnlyList<ImageSummary> List() => throw new InvalidOperationException();

    /// <summary>Loads every image of a Docker archive or an OCI layout, itself plain or compressed.</summary>
    /// <param name="archive">Read once, from its present position.</param>
    /// <param name="progress">Lines for the user, e.g. "Loaded image: busybox:latest".</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <returns>The ids of the loaded images.</returns>
    /// <exception cref="EngineException">Invalid: the archive is damaged, hostile or of an unknown kind.</exception>
    public Task<IReadOnlyList<Digest>> LoadAsync(Stream archive, IProgress<string> progress, CancellationToken cancel) =>
        throw new InvalidOperationException($"{archive}{progress}{cancel}");

    /// <summary>Makes an image of one layer from a tar archive, plain or compressed.</summary>
    /// <exception cref="EngineException">Invalid: the archive or a change.</exception>
    public Task<Digest> ImportAsync(Stream archive, ImportRequest request, CancellationToken cancel) =>
        throw new InvalidOperationException($"{archive}{request}{cancel}");

    /// <summary>Gives an image one more name; a name in use moves.</summary>
    public Task TagAsync(string source, ImageReference target, CancellationToken cancel) => throw new InvalidOperationException($"{source}{target}{cancel}");

    /// <summary>Removes a name, and the image with its last name.</summary>
    /// <param name="name">A reference or an id.</param>
    /// <param name="force">Also where several names or stopped containers stand in the way.</param>
    /// <param name="keepParents">Docker's noprune. Images here have no untagged parents, so nothing changes.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">NotFound. Conflict: a container uses it, or it has several names.</exception>
    public Task<IReadOnlyList<ImageRemoval>> RemoveAsync(string name, bool force, bool keepParents, CancellationToken cancel) =>
        throw new InvalidOperationException($"{name}{force}{keepParents}{cancel}");

    /// <summary>Loads the built-in image into a store that never had it. Once removed by the user it does not come back.</summary>
    /// <param name="archive">The archive's path; nothing happens where there is none.</param>
    /// <param name="cancel">The daemon is stopping.</param>
    public Task EnsureBuiltInAsync(string archive, CancellationToken cancel) => throw new InvalidOperationException($"{archive}{cancel}");
}
