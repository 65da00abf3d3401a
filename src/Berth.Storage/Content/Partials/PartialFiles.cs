using System.Globalization;

using Berth.Oci.Digests;

namespace Berth.Storage.Content.Partials;

/// <summary>The files of partial blobs, by their names: HEX-SIZE and its journal HEX-SIZE.ranges.</summary>
/// <param name="Path">A partial blob, or something that has no place here.</param>
/// <param name="Name">What it is of; null: of nothing.</param>
/// <param name="LastWritten">When it grew last.</param>
internal sealed record PartialFiles(string Path, (Digest Digest, long Size)? Name, DateTimeOffset LastWritten)
{
    public const string JournalSuffix = ".ranges";

    /// <summary>All partial blobs, and every other file that lies there alone.</summary>
    public static IReadOnlyList<PartialFiles> Of(DataRoot root)
    {
        var files = new List<PartialFiles>();
        foreach (string path in Directory.EnumerateFiles(root.Partials))
        {
            bool isJournal = path.EndsWith(JournalSuffix, StringComparison.Ordinal);
            if (isJournal && File.Exists(path[..^JournalSuffix.Length]))
            {
                continue;
            }

            (Digest, long)? name = isJournal ? null : Parse(System.IO.Path.GetFileName(path));
            files.Add(new PartialFiles(path, name, new DateTimeOffset(File.GetLastWriteTimeUtc(path))));
        }

        return files;
    }

    /// <summary>Removes files that are of nothing, that the store has whole, that have no usable ranges, and old ones.</summary>
    public static void Sweep(DataRoot root, DateTimeOffset before, Func<(Digest, long), bool> isOpen, Func<Digest, bool> isStored)
    {
        foreach (PartialFiles file in Of(root))
        {
            if (file.Name is { } name && (isOpen(name) || (file.LastWritten > before && !isStored(name.Digest) && HasRanges(file.Path, name.Size))))
            {
                continue;
            }

            if (file.Name is null && IsAside(file.Path, isOpen))
            {
                continue;
            }

            File.Delete(file.Path);
            File.Delete(file.Path + JournalSuffix);
        }
    }

    // A journal that is just being replaced.
    private static bool IsAside(string path, Func<(Digest, long), bool> isOpen)
    {
        string name = System.IO.Path.GetFileName(path);
        int suffix = name.IndexOf('.', StringComparison.Ordinal);
        return suffix > 0 && Parse(name[..suffix]) is { } of && isOpen(of);
    }

    private static bool HasRanges(string path, long size) => PartialJournal.Read(path + JournalSuffix, size) is { Total: > 0 };

    private static (Digest, long)? Parse(string name)
    {
        string[] parts = name.Split('-');
        return parts.Length == 2 && Digest.TryFromHex(parts[0], out Digest digest)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? (digest, size) : null;
    }
}
