using Berth.Api;
using Berth.Storage;

namespace Berth.Engine.Mounts;

/// <summary>All mounts of a container: from --volumes-from, -v, --mount, --tmpfs and the image's VOLUMEs.</summary>
public static class MountSet
{
    /// <param name="host">The request's HostConfig.</param>
    /// <param name="volumes">Config.Volumes with the image's own merged in.</param>
    /// <param name="mountsOf">The mounts of the container that --volumes-from names.</param>
    /// <exception cref="EngineException">Invalid: two on one destination, or a malformed one.</exception>
    public static IReadOnlyList<ContainerMount> Of(HostConfig host, IEnumerable<string> volumes, Func<string, IReadOnlyList<ContainerMount>> mountsOf)
    {
        var mounts = new Dictionary<string, ContainerMount>(StringComparer.Ordinal);
        foreach (ContainerMount inherited in (host.VolumesFrom ?? []).SelectMany(from => Inherited(from, mountsOf)))
        {
            mounts[inherited.Destination] = inherited;
        }

        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (ContainerMount mount in (host.Binds ?? []).Select(BindParser.Parse).Concat((host.Mounts ?? []).Select(MountOptionParser.Parse)).Concat(Tmpfs(host)))
        {
            if (!asked.Add(mount.Destination))
            {
                throw EngineException.Invalid($"Duplicate mount point: {mount.Destination}");
            }

            mounts[mount.Destination] = mount;
        }

        foreach (string volume in volumes)
        {
            ContainerMount mount = BindParser.Parse(volume);
            mounts.TryAdd(mount.Destination, mount);
        }

        return [.. mounts.Values.OrderBy(m => m.Destination.Count(c => c == '/')).ThenBy(m => m.Destination, StringComparer.Ordinal)];
    }

    private static IEnumerable<ContainerMount> Tmpfs(HostConfig host) => (host.Tmpfs ?? new Dictionary<string, string>()).Select(t => new ContainerMount
    {
        Kind = MountKind.Tmpfs,
        Destination = TmpfsDestination(t.Key),
        TmpfsOptions = t.Value ?? "",
    });

    private static string TmpfsDestination(string path)
    {
        string clean = CleanPath.Of(path);
        return !path.StartsWith('/') ? throw EngineException.Invalid($"invalid mount path: '{path}' mount path must be absolute")
            : clean == "/" ? throw EngineException.Invalid("invalid specification: destination can't be '/'")
            : clean;
    }

    private static IEnumerable<ContainerMount> Inherited(string from, Func<string, IReadOnlyList<ContainerMount>> mountsOf)
    {
        int colon = from.IndexOf(':', StringComparison.Ordinal);
        string mode = colon < 0 ? "" : from[(colon + 1)..];
        if (from.Length == 0 || colon == 0)
        {
            throw EngineException.Invalid("volumes-from must not be empty");
        }

        // Labels ("z") are no-ops here, see BindParser.
        string[] words = mode.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (words.Except(["ro", "rw", "z", "Z"]).Any())
        {
            throw EngineException.Invalid($"invalid mode: {mode}");
        }

        // Who inherits a volume does not own it: `rm -v` of this container leaves it.
        return mountsOf(colon < 0 ? from : from[..colon]).Where(m => m.Kind != MountKind.Tmpfs)
            .Select(m => m with { Anonymous = false, ReadOnly = m.ReadOnly || words.Contains("ro"), NoCopy = true });
    }
}
