using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Database;

namespace Berth.Images.Removal;

/// <summary>Docker's rules for removing an image, inside one transaction (moby: daemon/images/image_delete.go says them in prose).</summary>
internal sealed class ImageRemover(Transaction t, ImageChange? changed)
{
    private readonly List<ImageRemoval> _removed = [];

    public List<ImageRemoval> Remove(string name, bool force)
    {
        Digest id = ImageLookup.Find(t, name) ?? throw EngineException.NotFound($"No such image: {ImageLookup.Shown(name)}");
        List<ImageReference> names = ImageRows.Names(t, id);
        List<ImageUse> uses = ImageRows.Uses(t, id);
        ImageReference? named = ImageLookup.IsId(name, id) ? null : Named(name, names);
        if (named is null ? RemoveById(id, names, uses, force) : RemoveByName(id, named, names, uses, force))
        {
            Delete(id);
        }

        return _removed;
    }

    /// <summary>Removes an image under all its names where no container uses it.</summary>
    /// <param name="id">Which; nothing happens where it is gone.</param>
    /// <param name="dangling">Only if it has no tag.</param>
    public List<ImageRemoval> RemoveUnused(Digest id, bool dangling)
    {
        List<ImageReference> names = ImageRows.Names(t, id);
        if (ImageRows.Exists(t, id) && ImageRows.Uses(t, id).Count == 0 && !(dangling && names.Any(n => n.Digest is null)))
        {
            names.ForEach(n => Untag(id, n));
            Delete(id);
        }

        return _removed;
    }

    // True: the image itself goes too.
    private bool RemoveByName(Digest id, ImageReference named, List<ImageReference> names, List<ImageUse> uses, bool force)
    {
        bool isLast = IsSingle(names);
        if (isLast && !force && uses.Count > 0)
        {
            throw EngineException.Conflict(
                $"conflict: unable to remove repository reference \"{named.Familiar}\" (must force) - container {Short(uses[0].Container)} is using its referenced image {id.Short}");
        }

        Untag(id, named);
        names.Remove(named);

        // Digests of a repository go with its last tag, since nothing else would ever remove them.
        if (named.Digest is null && !names.Any(n => n.Digest is null && n.Repository == named.Repository))
        {
            foreach (ImageReference digest in names.Where(n => n.Repository == named.Repository).ToList())
            {
                Untag(id, digest);
                names.Remove(digest);
            }
        }

        // A running container keeps the image, without a name; a stopped one does not (force was given).
        return names.Count == 0 && !uses.Any(u => u.IsRunning);
    }

    private bool RemoveById(Digest id, List<ImageReference> names, List<ImageUse> uses, bool force)
    {
        if (uses.Find(u => u.IsRunning) is { } running)
        {
            throw EngineException.Conflict($"conflict: unable to delete {id.Short} (cannot be forced) - image is being used by running container {Short(running.Container)}");
        }

        if (!force && !IsSingle(names) && names.Count > 0)
        {
            throw EngineException.Conflict($"conflict: unable to delete {id.Short} (must be forced) - image is referenced in multiple repositories");
        }

        if (!force && uses.Count > 0)
        {
            throw EngineException.Conflict(
                $"conflict: unable to delete {id.Short} (must be forced) - image is being used by stopped container {Short(uses[0].Container)}");
        }

        names.ForEach(n => Untag(id, n));
        return true;
    }

    private void Untag(Digest id, ImageReference name)
    {
        t.Execute("DELETE FROM tags WHERE name = @name", ("@name", name.ToString()));
        _removed.Add(new ImageRemoval(name.Familiar, null));
        changed?.Invoke(t, "untag", id, id.ToString()); // not the name that went: as Docker tells it
    }

    private void Delete(Digest id)
    {
        t.Execute("DELETE FROM images WHERE id = @id", ("@id", id.ToString()));
        _removed.Add(new ImageRemoval(null, id.ToString()));
        changed?.Invoke(t, "delete", id, id.ToString());
    }

    // One tag, or none, and nothing but digests of its own repository beside it.
    private static bool IsSingle(List<ImageReference> names) =>
        names.Count(n => n.Digest is null) <= 1 && names.Select(n => n.Repository).Distinct().Count() <= 1;

    private static ImageReference Named(string name, List<ImageReference> names)
    {
        ImageReference asked = ImageReference.Parse(name);
        asked = asked.Digest is null ? asked.WithDefaultTag() : asked with { Tag = null };
        return names.Find(n => n == asked) ?? asked;
    }

    private static string Short(string container) => container.Length > 12 ? container[..12] : container;
}
