using System.Globalization;

using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Logs;

/// <summary>The files of one log: PATH is being written, PATH.1 is the youngest that was rotated away.</summary>
internal static class LogFiles
{
    /// <summary>Opens all that there are, the oldest first, as they were between two rotations.</summary>
    public static List<LogFileReader> OpenAll(string path)
    {
        while (true)
        {
            var readers = new List<LogFileReader>();
            List<int> numbers = Numbers(path);
            foreach (int number in numbers)
            {
                if (LogFileReader.TryOpen(Named(path, number), 0) is { } reader)
                {
                    readers.Add(reader);
                }
            }

            // A rotation in between has renamed what was opened, or what was to be.
            if (readers.Count == numbers.Count && readers.Select(r => r.CurrentPath()).SequenceEqual(numbers.Select(n => Named(path, n))) && Numbers(path).SequenceEqual(numbers))
            {
                return readers;
            }

            readers.ForEach(r => r.Dispose());
        }
    }

    /// <summary>Opens the file that was begun after one; null: that one is still the last.</summary>
    /// <param name="path">The file that is written to.</param>
    /// <param name="reader">A file of the log, wherever it lies now.</param>
    public static LogFileReader? OpenNext(string path, LogFileReader reader)
    {
        while (true)
        {
            // Its number, or one beyond all where it was deleted: then the oldest comes next.
            int own = NumberOf(path, reader.CurrentPath()) ?? int.MaxValue;
            List<int> younger = [.. Numbers(path).Where(n => n < own)];
            if (own == 0 || younger.Count == 0)
            {
                return null;
            }

            LogFileReader? opened = LogFileReader.TryOpen(Named(path, younger[0]), 0);

            // While a rotation renames one after the other, numbers are missing or move: it was the next one only if none lies between the two now.
            if (opened is not null && NumberOf(path, opened.CurrentPath()) is { } its
                && !Numbers(path).Exists(n => n > its && n < (NumberOf(path, reader.CurrentPath()) ?? int.MaxValue)))
            {
                return opened;
            }

            opened?.Dispose();
        }
    }

    /// <summary>Where the last lines begin, found from the end: nothing before them is read.</summary>
    /// <param name="files">The oldest first.</param>
    /// <param name="lines">How many.</param>
    /// <returns>Index of a file and an offset in it.</returns>
    public static (int File, long Offset) Tail(IReadOnlyList<LogFileReader> files, int lines)
    {
        long left = lines;
        for (int i = files.Count - 1; i >= 0; i--)
        {
            if (TailOffset(files[i].File, ref left) is { } offset)
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

    // The highest first: the oldest. 0 is the one that is written to.
    private static List<int> Numbers(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, Path.GetFileName(path) + "*").Select(f => NumberOf(path, f)).OfType<int>().OrderDescending()]
            : [];
    }

    private static int? NumberOf(string path, string? file) =>
        file == path ? 0
        : file is not null && file.StartsWith(path + ".", StringComparison.Ordinal)
            && int.TryParse(file.AsSpan(path.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : null;

    private static string Named(string path, int number) => number == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
}
