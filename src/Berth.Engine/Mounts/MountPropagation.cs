using Berth.Storage;

namespace Berth.Engine.Mounts;

/// <summary>Whether the host's mounts allow what a bind mount asks for (mount_namespaces(7)).</summary>
internal static class MountPropagation
{
    /// <exception cref="EngineException">Invalid: the source does not lie on a shared (or slave) mount.</exception>
    public static void Check(ContainerMount mount)
    {
        if (mount.Propagation is not ("shared" or "rshared" or "slave" or "rslave"))
        {
            return;
        }

        (string point, string[] optional) = Find(mount.HostPath!);
        bool shared = optional.Any(o => o.StartsWith("shared:", StringComparison.Ordinal));
        bool slave = optional.Any(o => o.StartsWith("master:", StringComparison.Ordinal));
        if (mount.Propagation is "shared" or "rshared" && !shared)
        {
            throw EngineException.Invalid($"path {mount.HostPath} is mounted on {point} but it is not a shared mount");
        }

        if (!shared && !slave)
        {
            throw EngineException.Invalid($"path {mount.HostPath} is mounted on {point} but it is not a shared or slave mount");
        }
    }

    // proc_pid_mountinfo(5): field 5 is the mount point, fields from 7 to the "-" are optional.
    private static (string Point, string[] Optional) Find(string path)
    {
        (string Point, string[] Optional) found = ("/", []);
        foreach (string[] fields in File.ReadLines("/proc/self/mountinfo").Select(l => l.Split(' ')))
        {
            string point = fields[4].Replace("\\040", " ", StringComparison.Ordinal);
            bool above = path == point || path.StartsWith(point == "/" ? "/" : point + "/", StringComparison.Ordinal);
            if (above && point.Length >= found.Point.Length)
            {
                found = (point, [.. fields.Skip(6).TakeWhile(f => f != "-")]);
            }
        }

        return found;
    }
}
