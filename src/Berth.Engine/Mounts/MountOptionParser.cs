using System.Globalization;

using Berth.Storage;

namespace Berth.Engine.Mounts;

/// <summary>Reads --mount: the members of HostConfig.Mounts.</summary>
public static class MountOptionParser
{
    /// <exception cref="EngineException">Invalid, in Docker's words; NotImplemented: a type or option that Berth has not yet, by name.</exception>
    public static ContainerMount Parse(Api.Mount mount)
    {
        string type = mount.Type ?? "";
        string target = mount.Target ?? "";
        if (target.Length == 0)
        {
            throw Bad(type, "field Target must not be empty");
        }

        if (!target.StartsWith('/'))
        {
            throw Bad(type, $"invalid mount path: '{target}' mount path must be absolute");
        }

        string destination = CleanPath.Of(target);
        if (destination == "/")
        {
            throw Bad(type, "invalid specification: destination can't be '/'");
        }

        return type switch
        {
            "bind" => Bind(mount, destination),
            "volume" => Volume(mount, destination),
            "tmpfs" => Tmpfs(mount, destination),
            "image" or "cluster" or "npipe" => throw EngineException.NotImplemented($"mounts of type \"{type}\" are not supported yet (mount on {destination})"),
            _ => throw Bad(type, "mount type unknown"),
        };
    }

    private static ContainerMount Bind(Api.Mount mount, string destination)
    {
        Exclude("bind", ("VolumeOptions", mount.VolumeOptions), ("TmpfsOptions", mount.TmpfsOptions), ("ImageOptions", mount.ImageOptions));
        string source = mount.Source ?? "";
        if (source.Length == 0)
        {
            throw Bad("bind", "field Source must not be empty");
        }

        if (!source.StartsWith('/'))
        {
            throw Bad("bind", $"invalid mount path: '{source}' mount path must be absolute");
        }

        string propagation = mount.BindOptions?.Propagation ?? "";
        if (propagation is not ("" or "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave"))
        {
            throw Bad("bind", $"invalid propagation mode: {propagation}");
        }

        if (mount.BindOptions?.ReadOnlyForceRecursive == true && mount.BindOptions.ReadOnlyNonRecursive == true)
        {
            throw Bad("bind", "mount options conflict: ReadOnlyNonRecursive && ReadOnlyForceRecursive");
        }

        return new ContainerMount
        {
            Kind = MountKind.Bind,
            Destination = destination,
            HostPath = CleanPath.Of(source),
            ReadOnly = mount.ReadOnly ?? false,
            Propagation = propagation,
            MakeHostPath = mount.BindOptions?.CreateMountpoint ?? false,
            NonRecursive = mount.BindOptions?.NonRecursive ?? false,
            ReadOnlyNonRecursive = mount.BindOptions?.ReadOnlyNonRecursive ?? false,
            FromMountOption = true,
        };
    }

    private static ContainerMount Volume(Api.Mount mount, string destination)
    {
        Exclude("volume", ("BindOptions", mount.BindOptions), ("TmpfsOptions", mount.TmpfsOptions), ("ImageOptions", mount.ImageOptions));
        string name = mount.Source ?? "";
        string? subpath = mount.VolumeOptions?.Subpath is { Length: > 0 } below ? below : null;
        if (subpath is not null && (subpath.StartsWith('/') || CleanPath.Of(subpath).StartsWith("..", StringComparison.Ordinal)))
        {
            throw Bad("volume", "subpath must be a relative path within the volume");
        }

        if (name.Length == 0 && subpath is not null)
        {
            throw Bad("volume", "must not set Subpath when using anonymous volumes");
        }

        if (mount.VolumeOptions?.DriverConfig is { } driver && (driver.Name is not (null or "" or "local") || driver.Options is { Count: > 0 }))
        {
            throw EngineException.NotImplemented($"volume driver \"{driver.Name}\" with options is not supported yet (mount on {destination})");
        }

        return new ContainerMount
        {
            Kind = MountKind.Volume,
            Destination = destination,
            Volume = name.Length == 0 ? null : BindParser.CheckVolumeName(name),
            Anonymous = name.Length == 0,
            ReadOnly = mount.ReadOnly ?? false,
            Mode = "z",
            NoCopy = mount.VolumeOptions?.NoCopy ?? false,
            Subpath = subpath,
            VolumeLabels = mount.VolumeOptions?.Labels,
            FromMountOption = true,
        };
    }

    private static ContainerMount Tmpfs(Api.Mount mount, string destination)
    {
        Exclude("tmpfs", ("BindOptions", mount.BindOptions), ("VolumeOptions", mount.VolumeOptions), ("ImageOptions", mount.ImageOptions));
        if (!string.IsNullOrEmpty(mount.Source))
        {
            throw Bad("tmpfs", "field Source must not be specified");
        }

        if (mount.TmpfsOptions?.Options is { Count: > 0 })
        {
            throw EngineException.NotImplemented($"TmpfsOptions.Options is not supported yet (mount on {destination}): use --tmpfs {destination}:OPTIONS");
        }

        var options = new List<string>();
        if (mount.ReadOnly == true)
        {
            options.Add("ro");
        }

        if (mount.TmpfsOptions?.Mode is { } mode and not 0)
        {
            options.Add($"mode={Convert.ToString(mode, 8)}");
        }

        if (mount.TmpfsOptions?.SizeBytes is { } size and > 0)
        {
            options.Add(string.Create(CultureInfo.InvariantCulture, $"size={size}"));
        }

        return new ContainerMount { Kind = MountKind.Tmpfs, Destination = destination, ReadOnly = mount.ReadOnly ?? false, TmpfsOptions = string.Join(',', options), FromMountOption = true };
    }

    private static void Exclude(string type, params ReadOnlySpan<(string Name, object? Value)> options)
    {
        foreach ((string name, object? value) in options)
        {
            if (value is not null)
            {
                throw Bad(type, $"field {name} must not be specified");
            }
        }
    }

    private static EngineException Bad(string type, string reason) => EngineException.Invalid($"invalid mount config for type \"{type}\": {reason}");
}
