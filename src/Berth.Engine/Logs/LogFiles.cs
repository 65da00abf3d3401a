using System.Globalization;

using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Logs;

/// <summary>The files of one log: PATH is being written, PATH.1 is the youngest that was rotated away.</summary>
internal static class LogFiles
{
    /// <summary>All that there are, the oldest first.</summary>
    public static IReadOnlyList<string> OldestFirst(string path)
    {
        var files = new List<string>();
        if (File.Exists(path))
        {
            files.Add(path);
        }

        for (int i = 1; File.Exists(Numbered(path, i)); i++)
        {
            files.Insert(0, Numbered(path, i));
        }

        return files;
    }

    /// <summary>The file that was begun after one that now lies at <paramref name="current"/>; null: that one is still the last.</summary>
    public static string? Next(string path, string current)
    {
        if (current == path || !current.StartsWith(path + ".", StringComparison.Ordinal))
        {
            return null;
        }

        return int.TryParse(current.AsSpan(path.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 1
            ? Numbered(path, number - 1)
            : path;
    }

    /// <summary>Where the last lines begin, found from the end: nothing before them is read.</summary>
    /// <param name="files">The oldest first.</param>
    /// <param name="lines">How many.</param>
    /// <returns>Index of a file and an offset in it.</returns>
    public static (int File, long Offset) Tail(IReadOnlyList<string> files, int lines)
    {
        long left = lines;
        for (int i = files.Count - 1; i >= 0; i--)
        {
            using SafeFileHandle file = File.OpenHandle(files[i], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (TailOffset(file, ref left) is { } offset)
            {
                return (i, offset);
            }
        }

        return (0, 0);
    }

    // Null: the file has fewer lines than are left; they were subtracted.
    private static long? TailOffset(SafeFileHandle file, ref long left)
    {
        long end = RandomAccess.GetLength(file);
        if (left == 0)
        {
            return end;
        }

        byte[] buffer = new byte[64 * 1024];
        for (long position = end; position > 0;)
        {
            int length = (int)Math.Min(buffer.Length, position);
            position -= length;
            Span<byte> piece = buffer.AsSpan(0, RandomAccess.Read(file, buffer.AsSpan(0, length), position));
            for (int at; (at = piece.LastIndexOf((byte)'\n')) >= 0; piece = piece[..at])
            {
                // The newline at the very end closes the last line; each one before it begins a line that is wanted.
                if (position + at + 1 < end && --left == 0)
                {
                    return position + at + 1;
                }
            }
        }

        left -= end > 0 ? 1 : 0;
        return left == 0 ? 0 : null;
    }

    private static string Numbered(string path, int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
}
