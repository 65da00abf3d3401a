using System.Text;

namespace Berth.Storage.Tar;

/// <summary>Names of archives as paths below a root.</summary>
public static class TarPath
{
    /// <summary>Without empty, "." and ".." components; empty for the root itself.</summary>
    /// <exception cref="TarException">It leaves the root by "..".</exception>
    public static byte[] Clean(ReadOnlySpan<byte> name)
    {
        // Nearly all names are clean but for a "./" in front and a "/" behind.
        ReadOnlySpan<byte> plain = name.StartsWith("./"u8) ? name[2..] : name;
        plain = plain.Trim((byte)'/');
        if (plain.IndexOf("//"u8) < 0 && plain.IndexOf("./"u8) < 0 && !plain.EndsWith("."u8))
        {
            return plain.ToArray();
        }

        var parts = new List<byte[]>();
        foreach (Range range in name.Split((byte)'/'))
        {
            ReadOnlySpan<byte> part = name[range];
            if (part.SequenceEqual(".."u8))
            {
                if (parts.Count == 0)
                {
                    throw new TarException($"{Encoding.UTF8.GetString(name)} leaves the archive's root");
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (!part.IsEmpty && !part.SequenceEqual("."u8))
            {
                parts.Add(part.ToArray());
            }
        }

        return Join(parts);
    }

    /// <summary>The folder and the last component.</summary>
    public static void Split(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> folder, out ReadOnlySpan<byte> name)
    {
        int slash = path.LastIndexOf((byte)'/');
        folder = slash < 0 ? [] : path[..slash];
        name = path[(slash + 1)..];
    }

    private static byte[] Join(List<byte[]> parts)
    {
        var path = new List<byte>();
        foreach (byte[] part in parts)
        {
            if (path.Count > 0)
            {
                path.Add((byte)'/');
            }

            path.AddRange(part);
        }

        return [.. path];
    }
}
