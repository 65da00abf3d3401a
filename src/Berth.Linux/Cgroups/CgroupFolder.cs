using System.Globalization;
using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Cgroups;

/// <summary>A cgroup's folder in one hierarchy.</summary>
internal static unsafe class CgroupFolder
{
    /// <summary>Makes it and its parents. True when the last one is new.</summary>
    /// <param name="root">The hierarchy's root, which is there.</param>
    /// <param name="folder">A folder below it.</param>
    /// <param name="entered">Called for each folder, from the top, after it is there; with its parent.</param>
    public static bool Make(string root, string folder, Action<string, string>? entered = null)
    {
        bool made = false;
        int from = root.Length + 1;
        string parent = root;
        while (from <= folder.Length)
        {
            int slash = folder.IndexOf('/', from);
            string current = slash < 0 ? folder : folder[..slash];
            fixed (byte* name = CString.Of(current))
            {
                made = Libc.mkdir(name, 0x1ED) == 0;
                if (!made && Marshal.GetLastPInvokeError() != Errno.EEXIST)
                {
                    throw LinuxException.Last("mkdir", current);
                }
            }

            entered?.Invoke(parent, current);
            parent = current;
            from = current.Length + 1;
        }

        return made;
    }

    /// <summary>Folders below and including this one, the deepest first.</summary>
    public static IReadOnlyList<string> Below(string folder)
    {
        var all = new List<string>();
        Collect(folder, all);
        return all;
    }

    /// <summary>Adds the pids in it and below it.</summary>
    public static void Processes(string folder, SortedSet<int> pids)
    {
        foreach (string each in Below(folder))
        {
            foreach (string line in (SmallFile.TryRead($"{each}/cgroup.procs", 16 << 20) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                pids.Add(int.Parse(line, CultureInfo.InvariantCulture)); // 0: a process of another pid namespace
            }
        }

        pids.Remove(0);
    }

    /// <summary>Removes one folder. False: something is still in it.</summary>
    public static bool TryRemove(string folder)
    {
        fixed (byte* name = CString.Of(folder))
        {
            if (Libc.unlinkat(Libc.AT_FDCWD, name, Libc.AT_REMOVEDIR) == 0)
            {
                return true;
            }
        }

        return Marshal.GetLastPInvokeError() switch
        {
            Errno.ENOENT => true,
            Errno.EBUSY or Errno.ENOTEMPTY => false,
            _ => throw LinuxException.Last("rmdir", folder),
        };
    }

    /// <summary>The number behind a key ("oom_kill 3"), or a file's only number with an empty key; null where there is none.</summary>
    public static long? Counter(string file, string key)
    {
        foreach (string line in (SmallFile.TryRead(file) ?? "").Split('\n'))
        {
            if (key.Length == 0 || line.StartsWith(key + " ", StringComparison.Ordinal))
            {
                return long.TryParse(line.AsSpan(key.Length == 0 ? 0 : key.Length + 1), CultureInfo.InvariantCulture, out long value) ? value : null;
            }
        }

        return null;
    }

    private static void Collect(string folder, List<string> all)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string child in Directory.GetDirectories(folder))
        {
            Collect(child, all);
        }

        all.Add(folder);
    }
}
