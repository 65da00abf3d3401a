using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>The process's umask.</summary>
public static class CreationMask
{
    /// <summary>Sets the bits that new files never get, of the whole process: once, at start. umask(2) cannot fail.</summary>
    public static void Set(uint mask) => Libc.umask(mask);
}
