using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Engine.Containers;

/// <summary>Files in a run folder: derived and below /run. An interrupted write is made anew by the next start, so none is synced or renamed.</summary>
internal static class RunFile
{
    /// <summary>Puts bytes in place of what the file held. The file itself stays: it may be mounted in a container.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes, uint mode)
    {
        using FileDescriptor file = FileDescriptor.Open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC, mode);
        FileWrite.All(file, bytes, path);
    }
}
