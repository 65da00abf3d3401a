using System.Globalization;

using Berth.Linux.Interop;

namespace Berth.Linux.Memory;

/// <summary>
/// The pages of this program's own file. A start reads some megabytes of it once and never again (NativeAOT lays out its data from there), and every
/// page that is touched brings fifteen neighbours with it (fault-around, filemap_map_pages in mm/filemap.c): all of that counts as resident.
/// </summary>
public static unsafe class ProgramPages
{
    /// <summary>
    /// Gives back what is mapped of the program and was never written. They stay in the page cache, and come back by themselves where they are used.
    /// madvise(2), MADV_DONTNEED: of a private mapping that would lose what was written, so only mappings without such pages (proc(5), smaps, "Anonymous").
    /// </summary>
    /// <returns>Bytes of the mappings.</returns>
    public static long GiveBack()
    {
        long given = 0;
        (nuint Start, nuint Length)? mapping = null;
        string program = Environment.ProcessPath ?? "";
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            if (!line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal)).EndsWith(":"))
            {
                mapping = Mapping(line, program);
            }
            else if (mapping is { } clean && line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                if (line.AsSpan(10).Trim().SequenceEqual("0 kB") && Libc.madvise((void*)clean.Start, clean.Length, Libc.MADV_DONTNEED) == 0)
                {
                    given += (long)clean.Length;
                }

                mapping = null;
            }
        }

        return given;
    }

    // "55d7fa000000-55d7fa031000 r--p 00000000 fe:00 1234   /usr/local/bin/berthd"
    private static (nuint Start, nuint Length)? Mapping(string line, string program)
    {
        string[] fields = line.Split(' ', 6, StringSplitOptions.TrimEntries);
        if (fields.Length < 6 || program.Length == 0 || fields[5].TrimStart() != program || fields[1].Contains('w', StringComparison.Ordinal))
        {
            return null;
        }

        int dash = fields[0].IndexOf('-', StringComparison.Ordinal);
        nuint start = nuint.Parse(fields[0].AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        nuint end = nuint.Parse(fields[0].AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (start, end - start);
    }
}
