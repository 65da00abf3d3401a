using System.Globalization;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Commands;

/// <summary>HOME where the caller did not give one: from the container's own passwd, as runc does it.</summary>
internal static class HomeFolder
{
    private const int LongestPasswd = 4 << 20;

    public static Process Complete(Process process, string rootPath)
    {
        if (process.Env?.Any(e => e.StartsWith("HOME=", StringComparison.Ordinal)) == true)
        {
            return process;
        }

        return process with { Env = [.. process.Env ?? [], $"HOME={Find(rootPath, process.User?.Uid ?? 0)}"] };
    }

    private static string Find(string rootPath, uint uid)
    {
        using FileDescriptor root = FileDescriptor.Open(rootPath, Libc.O_PATH | Libc.O_DIRECTORY);
        using FileDescriptor? passwd = FileDescriptor.TryOpenBelow(root, "etc/passwd", Libc.O_RDONLY | Libc.O_NONBLOCK, out _);
        if (passwd is null || (FileType.Of(passwd) & Libc.S_IFMT) != Libc.S_IFREG)
        {
            return "/";
        }

        foreach (string line in Encoding.UTF8.GetString(SmallFile.ReadBytes(passwd, "/etc/passwd of the container", LongestPasswd)).Split('\n'))
        {
            string[] fields = line.Split(':'); // name:password:uid:gid:comment:home:shell
            if (fields.Length >= 6 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint found) && found == uid && fields[5].Length > 0)
            {
                return fields[5];
            }
        }

        return "/";
    }
}
