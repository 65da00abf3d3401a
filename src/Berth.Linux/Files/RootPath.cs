using System.Text;

using Berth.Linux.Interop;

namespace Berth.Linux.Files;

/// <summary>Where a path leads inside a root, also where its end does not exist yet.</summary>
public static unsafe class RootPath
{
    private const int MostLinks = 40; // as the kernel: path_resolution(7)

    /// <summary>
    /// Follows symlinks below the root as far as there are files, keeping the rest as it is; ".." stops at the root. What it answers is a name
    /// to make, not a proof: opening it goes by openat2 all the same.
    /// </summary>
    public static string Resolve(FileDescriptor root, string path)
    {
        var pending = new LinkedList<string>(Parts(path));
        var done = new List<string>();
        int links = 0;
        while (pending.First is { } first)
        {
            pending.RemoveFirst();
            if (first.Value == "..")
            {
                done.RemoveRange(Math.Max(0, done.Count - 1), Math.Min(1, done.Count));
                continue;
            }

            string? target = TryReadLink(root, string.Join('/', [.. done, first.Value]));
            if (target is null)
            {
                done.Add(first.Value);
                continue;
            }

            if (++links > MostLinks)
            {
                throw new LinuxException("openat2", path, Errno.ELOOP);
            }

            if (target.StartsWith('/'))
            {
                done.Clear();
            }

            foreach (string part in Parts(target).Reverse())
            {
                pending.AddFirst(part);
            }
        }

        return "/" + string.Join('/', done);
    }

    private static IEnumerable<string> Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");

    private static string? TryReadLink(FileDescriptor root, string path)
    {
        using FileDescriptor? file = FileDescriptor.TryOpenBelow(root, path, Libc.O_PATH | Libc.O_NOFOLLOW, out _);
        if (file is null)
        {
            return null;
        }

        byte* buffer = stackalloc byte[4096];
        fixed (byte* empty = CString.Of(""))
        {
            nint length = Libc.readlinkat(file.Number, empty, buffer, 4096);
            return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
        }
    }
}
