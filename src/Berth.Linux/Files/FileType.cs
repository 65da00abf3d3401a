using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Types of files.</summary>
public static unsafe class FileType
{
    /// <summary>st_mode of what a descriptor is open on.</summary>
    public static uint Of(FileDescriptor file)
    {
        fixed (byte* empty = CString.Of(""))
        {
            Libc.statx_t data;
            return Libc.statx(file.Number, empty, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &data) == 0
                ? data.stx_mode
                : throw LinuxException.Last("statx", "a descriptor");
        }
    }

    /// <summary>st_mode of a path of the host, symlinks followed; 0 where there is nothing.</summary>
    public static uint Of(string path)
    {
        fixed (byte* name = CString.Of(path))
        {
            Libc.statx_t data;
            return Libc.statx(Libc.AT_FDCWD, name, 0, Libc.STATX_BASIC_STATS, &data) == 0 ? data.stx_mode : 0u;
        }
    }

    public static bool IsFolder(uint mode) => (mode & Libc.S_IFMT) == Libc.S_IFDIR;

    /// <summary>A pipe or a socket.</summary>
    public static bool IsChannel(uint mode) => (mode & Libc.S_IFMT) is Libc.S_IFIFO or Libc.S_IFSOCK;
}
