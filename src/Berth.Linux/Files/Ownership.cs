using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Owner and group of the host's own files.</summary>
public static unsafe class Ownership
{
    /// <summary>Changes both; a symlink itself, not what it points to. fchownat(2).</summary>
    public static void Change(string path, uint uid, uint gid)
    {
        fixed (byte* name = CString.Of(path))
        {
            if (Libc.fchownat(Libc.AT_FDCWD, name, uid, gid, Libc.AT_SYMLINK_NOFOLLOW) < 0)
            {
                throw LinuxException.Last("fchownat", path);
            }
        }
    }
}
