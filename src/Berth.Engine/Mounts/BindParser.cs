using System.Buffers;

using Berth.Storage;

namespace Berth.Engine.Mounts;

/// <summary>Reads -v: <c>[SOURCE:]DESTINATION[:MODE]</c>, the members of HostConfig.Binds.</summary>
public static class BindParser
{
    private static readonly SearchValues<char> VolumeFirst = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    private static readonly SearchValues<char> VolumeRest = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <exception cref="EngineException">Invalid, in Docker's words.</exception>
    public static ContainerMount Parse(string bind)
    {
        string[] parts = bind.Split(':');
        if (parts.Length > 3 || parts.Any(p => p.Length == 0))
        {
            throw EngineException.Invalid($"invalid volume specification: '{bind}'");
        }

        return parts.Length == 1
            ? new ContainerMount { Kind = MountKind.Volume, Destination = ContainerPath(bind, parts[0]), Anonymous = true }
            : Named(bind, parts[0], ContainerPath(bind, parts[1]), parts.Length == 3 ? parts[2] : "");
    }

    /// <exception cref="EngineException">Invalid: a volume cannot be called so.</exception>
    public static string CheckVolumeName(string name) =>
        name.Length is >= 2 and <= 255 && VolumeFirst.Contains(name[0]) && !name.AsSpan(1).ContainsAnyExcept(VolumeRest)
            ? name
            : throw EngineException.Invalid(
                name.Length == 1
                    ? "volume name is too short, names should be at least two alphanumeric characters"
                    : $"\"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path");

    /// <summary>A path as the container will see it: absolute, without "." and "..", not the root.</summary>
    public static string ContainerPath(string specification, string path)
    {
        if (!path.StartsWith('/'))
        {
            throw EngineException.Invalid($"invalid volume specification: '{specification}': invalid mount config for type \"volume\": invalid mount path: '{path}' mount path must be absolute");
        }

        string clean = CleanPath.Of(path);
        return clean != "/"
            ? clean
            : throw EngineException.Invalid($"invalid volume specification: '{specification}': invalid mount config for type \"volume\": invalid specification: destination can't be '/'");
    }

    private static ContainerMount Named(string bind, string source, string destination, string mode)
    {
        bool isBind = source.StartsWith('/');
        var mount = isBind
            ? new ContainerMount { Kind = MountKind.Bind, Destination = destination, HostPath = CleanPath.Of(source), MakeHostPath = true, Mode = mode }
            : new ContainerMount { Kind = MountKind.Volume, Destination = destination, Volume = CheckVolumeName(source), Mode = mode.Length == 0 ? "z" : mode };
        return mode.Length == 0 ? mount : WithMode(mount, bind, mode);
    }

    private static ContainerMount WithMode(ContainerMount mount, string bind, string mode)
    {
        var seen = new HashSet<string>();
        foreach (string word in mode.Split(','))
        {
            (string group, ContainerMount? next) = word switch
            {
                "ro" => ("access", mount with { ReadOnly = true }),
                "rw" => ("access", mount),
                "nocopy" when mount.Kind == MountKind.Volume => ("copy", mount with { NoCopy = true }),

                // Labels mean something to SELinux only, and consistency to Docker's desktop products only: both are Docker's no-ops here.
                "z" or "Z" => ("label", mount),
                "consistent" or "cached" or "delegated" => ("consistency", mount),
                "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave" when mount.Kind == MountKind.Bind =>
                    ("propagation", mount with { Propagation = word }),
                _ => ("", null),
            };
            if (next is null || !seen.Add(group))
            {
                throw EngineException.Invalid($"invalid volume specification: '{bind}': invalid mode: {mode}");
            }

            mount = next;
        }

        return mount;
    }
}
