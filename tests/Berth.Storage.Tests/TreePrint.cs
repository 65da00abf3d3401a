using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;

namespace Berth.Tests;

/// <summary>A tree as lines of text: names, types, modes, owners, times, links, devices, xattrs, contents. Equal trees have equal lines.</summary>
public static class TreePrint
{
    public static List<string> Of(string folder)
    {
        using FileDescriptor root = FileDescriptor.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY);
        return Of(root);
    }

    public static List<string> Of(FileDescriptor root)
    {
        var lines = new List<string>();
        var links = new Dictionary<ulong, string>();
        TreeWalk.Run(root, item =>
        {
            lines.Add(Line(item, links));
            return true;
        });
        return lines;
    }

    private static string Line(TreeItem item, Dictionary<ulong, string> links)
    {
        TreeStat s = item.Stat;
        uint type = s.Mode & Libc.S_IFMT;
        string path = Encoding.Latin1.GetString(item.Path);
        var line = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{path} {Convert.ToString(s.Mode, 8)} {s.Uid}:{s.Gid} {s.Seconds}.{s.Nanoseconds:D9}"));
        foreach (TreeXattr xattr in item.ReadXattrs())
        {
            line.Append(' ').Append(Encoding.Latin1.GetString(xattr.Name)).Append('=').Append(Convert.ToHexString(xattr.Value));
        }

        if (type is Libc.S_IFCHR or Libc.S_IFBLK)
        {
            line.Append(CultureInfo.InvariantCulture, $" {s.DeviceMajor},{s.DeviceMinor}");
        }
        else if (type == Libc.S_IFLNK)
        {
            line.Append(" -> ").Append(Encoding.Latin1.GetString(item.ReadLink()));
        }
        else if (type == Libc.S_IFREG)
        {
            using FileDescriptor file = item.OpenFile();
            using var stream = new FileStream($"/proc/self/fd/{file.Number}", FileMode.Open, FileAccess.Read);
            line.Append(CultureInfo.InvariantCulture, $" {s.Size} {Convert.ToHexString(SHA256.HashData(stream))}");
        }

        if (type != Libc.S_IFDIR && s.Links > 1 && !links.TryAdd(s.Inode, path))
        {
            line.Append(" = ").Append(links[s.Inode]);
        }

        return line.ToString();
    }
}
