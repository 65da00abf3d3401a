using Berth.Api;
using Berth.Linux.Files;
using Berth.Oci.Runtime;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>Devices of the host for a container: those named by --device, or all of them for --privileged.</summary>
internal static class HostDevices
{
    // Made for every container anyhow, or belonging to its own devpts and shm.
    private static readonly HashSet<string> Own = ["/dev/console", "/dev/ptmx", "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"];
    private static readonly string[] OwnFolders = ["/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/fd", "/dev/.lxc", "/dev/.lxd-mounts", "/dev/.udev"];

    /// <exception cref="EngineException">Invalid: a path that is no device.</exception>
    public static IReadOnlyList<(Device Device, string Access)> Of(HostConfig config)
    {
        var devices = new List<(Device, string)>();
        foreach (DeviceMapping mapping in config.Devices ?? [])
        {
            string from = mapping.PathOnHost ?? "", to = string.IsNullOrEmpty(mapping.PathInContainer) ? from : mapping.PathInContainer;
            string access = string.IsNullOrEmpty(mapping.CgroupPermissions) ? "rwm" : mapping.CgroupPermissions;
            if (access.AsSpan().ContainsAnyExcept("rwm"))
            {
                throw EngineException.Invalid($"invalid device permissions \"{access}\" of {from}: only r, w and m are allowed");
            }

            IReadOnlyList<Device> found = Directory.Exists(from) ? Below(from, to) : At(from, to) is { } one ? [one] : [];
            if (found.Count == 0)
            {
                throw EngineException.Invalid(Path.Exists(from)
                    ? $"error gathering device information while adding custom device \"{from}\": not a device node"
                    : $"error gathering device information while adding custom device \"{from}\": no such file or directory");
            }

            devices.AddRange(found.Select(d => (d, access)));
        }

        if (config.Privileged == true)
        {
            HashSet<string> asked = [.. devices.Select(d => d.Item1.Path!)];
            devices.AddRange(Below("/dev", "/dev").Where(d => !Own.Contains(d.Path!) && !asked.Contains(d.Path!)).Select(d => (d, "rwm")));
        }

        return devices;
    }

    private static IReadOnlyList<Device> Below(string folder, string target)
    {
        var devices = new List<Device>();
        foreach (string entry in Directory.EnumerateFileSystemEntries(folder).Where(e => !OwnFolders.Contains(e)))
        {
            string to = $"{target}/{Path.GetFileName(entry)}";
            FileAttributes attributes = File.GetAttributes(entry);
            if (attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                continue; // a symlink: what it points to is found by itself
            }

            if (attributes.HasFlag(FileAttributes.Directory))
            {
                devices.AddRange(Below(entry, to));
            }
            else if (At(entry, to) is { } device)
            {
                devices.Add(device);
            }
        }

        return devices;
    }

    private static Device? At(string path, string target) => FolderCalls.Device(path) is { } d
        ? new Device { Path = target, Type = d.Type, Major = d.Major, Minor = d.Minor, FileMode = d.Mode, Uid = d.Uid, Gid = d.Gid }
        : null;
}
