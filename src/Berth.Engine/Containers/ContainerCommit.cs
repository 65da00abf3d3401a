using Berth.Engine.Events;
using Berth.Images;
using Berth.Images.Commit;
using Berth.Oci.Digests;
using Berth.Storage;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Containers;

/// <summary>Makes images of containers. Other work on the container is not held up by it, but for the pause.</summary>
public sealed class ContainerCommit
{
    private readonly ContainerRegistry _registry;
    private readonly ContainerControl _control;
    private readonly ImageStore _images;
    private readonly ImageCommit _commit;
    private readonly EventLog _events;

    internal ContainerCommit(ContainerRegistry registry, ContainerControl control, ImageStore images, ImageCommit commit, EventLog events) =>
        (_registry, _control, _images, _commit, _events) = (registry, control, images, commit, events);

    /// <returns>The new image's id.</returns>
    /// <exception cref="EngineException">NotFound. Conflict: it is dead or being removed. Invalid: a change, or a file that no layer can hold.</exception>
    public async Task<string> CommitAsync(CommitOptions options, CancellationToken cancel)
    {
        ContainerRecord record = _registry.Find(options.Container).Record;
        Check(record);
        ImageRecord image = _images.Find(Digest.Parse(record.Document.ImageId))
            ?? throw EngineException.NotFound($"the image {record.Document.ImageId} that {record.Name} was made from is gone");
        var request = new CommitRequest
        {
            Snapshot = new SnapshotKey(record.Id),
            Parent = image.Id,
            Config = CommittedConfig.Of(record.Document.Config, image.Config.Config, options),
            Reference = options.Reference,
            Author = options.Author,
            Comment = options.Comment,
            CreatedBy = string.Join(' ', record.Document.Config.Cmd ?? []),
            KeptLayers = options.SquashBase is { } name ? LayersOf(_images.Resolve(name), name, image) : options.Squash ? 0 : null,
        };
        bool paused = options.Pause && record.Phase == Phase.Running && await PauseAsync(record.Id);
        Digest id = await _commit.CommitAsync(request, () => paused ? ResumeAsync(record.Id) : Task.CompletedTask, cancel);
        _ = _events.PostAsync(ContainerEvents.Of(
            _registry.TryFind(record.Id)?.Record ?? record, "commit", ("comment", options.Comment), ("imageID", id.ToString()),
            ("imageRef", options.Reference?.Familiar ?? "")));
        return id.ToString();
    }

    // In Docker's words.
    private static void Check(ContainerRecord record)
    {
        if (record.Phase == Phase.Dead)
        {
            throw EngineException.Conflict($"You cannot commit container {record.Id} which is Dead");
        }

        if (record.Phase is Phase.Removing or Phase.Removed)
        {
            throw EngineException.Conflict($"You cannot commit container {record.Id} which is being removed");
        }
    }

    private static int LayersOf(ImageRecord squashBase, string name, ImageRecord image)
    {
        IReadOnlyList<string> below = squashBase.Config.RootFs?.DiffIds ?? [], all = image.Config.RootFs?.DiffIds ?? [];
        return below.SequenceEqual(all.Take(below.Count))
            ? below.Count
            : throw EngineException.Invalid($"the layers of {name} are not the lowest ones of the container's image, so they cannot stay below: name an image that it was built on");
    }

    // False: it ended, or somebody else paused it, in between.
    private async Task<bool> PauseAsync(string id)
    {
        try
        {
            await _control.PauseAsync(id, CancellationToken.None);
            return true;
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.Conflict)
        {
            return false;
        }
    }

    private async Task ResumeAsync(string id)
    {
        try
        {
            await _control.UnpauseAsync(id, CancellationToken.None);
        }
        catch (EngineException e) when (e.Kind is EngineErrorKind.Conflict or EngineErrorKind.NotFound)
        {
            // It was stopped, resumed or removed meanwhile.
        }
    }
}
